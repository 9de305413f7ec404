using FreezeBench.Kernels.Convolutions;
using FreezeBench.Kernels.Observing;
using FreezeBench.Networks.Residual;
using FreezeBench.Torch.Arithmetic;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Freezing;

/// <summary>
/// A network under a freezing policy: it alone sets <c>requires_grad</c> and train or eval mode, and runs the frozen part
/// without a graph. The network may be put under another policy by a new <see cref="PolicyNetwork"/>; use the newest.
/// Disposing it frees the copy that <see cref="FoldFrozenPart"/> leads to, and nothing of the network.
/// </summary>
public sealed class PolicyNetwork : IDisposable
{
    private readonly nn.Module[] frozenModules;
    private readonly Precision precision;
    private readonly DeviceType device;
    private bool folds;

    /// <summary>
    /// Puts a network under a policy and into train mode. Build the optimizer afterwards, from
    /// <see cref="TrainableParameters"/>.
    /// </summary>
    /// <remarks>
    /// Frozen parameters lose their gradient: an optimizer that already holds them would otherwise go on moving them by
    /// momentum and weight decay, for which a gradient of zeros is enough.
    /// </remarks>
    /// <param name="network">
    /// Still owned by the caller, who replaces the head, loads weights and moves it to its device before this: TorchSharp's
    /// <c>to()</c> makes new parameters, and the lists below would hold the old ones.
    /// </param>
    /// <param name="policy">What trains.</param>
    /// <param name="precision">What forward passes compute in; null: float32. The weights stay float32.</param>
    public PolicyNetwork(ResNet network, FreezingPolicy policy, Precision? precision = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(policy);
        (Network, Policy) = (network, policy);
        (this.precision, device) = (precision ?? Precision.Fp32, network.parameters().First().device_type);
        var stages = Enum.GetValues<Stage>();
        frozenModules = [.. stages.Where(stage => stage < policy.FirstTrained).SelectMany(network.Modules)];
        FrozenParameters = [.. frozenModules.SelectMany(module => module.parameters())];
        BackboneParameters = [.. stages.Where(stage => stage >= policy.FirstTrained && stage < Stage.Head)
            .SelectMany(network.Modules).SelectMany(module => module.parameters())];
        HeadParameters = [.. network.Modules(Stage.Head).SelectMany(module => module.parameters())];
        TrainableParameters = [.. BackboneParameters, .. HeadParameters];
        foreach (var parameter in TrainableParameters)
            parameter.requires_grad = true;
        foreach (var parameter in FrozenParameters)
        {
            parameter.requires_grad = false;
            parameter.grad = null;
        }
        Train();
    }

    /// <summary>The network itself.</summary>
    public ResNet Network { get; }

    /// <summary>What trains.</summary>
    public FreezingPolicy Policy { get; }

    /// <summary>What the optimizer gets: backbone parameters, then head parameters.</summary>
    public IReadOnlyList<Parameter> TrainableParameters { get; }

    /// <summary>The trained parameters before the head; empty where the whole backbone is frozen.</summary>
    public IReadOnlyList<Parameter> BackboneParameters { get; }

    /// <summary>The head's weight and bias.</summary>
    public IReadOnlyList<Parameter> HeadParameters { get; }

    /// <summary>The parameters that no step may change.</summary>
    public IReadOnlyList<Parameter> FrozenParameters { get; }

    /// <summary>
    /// Told of every convolution of the copy that <see cref="FoldFrozenPart"/> leads to, where it runs in the place of the
    /// network's modules: these have hooks, the copy has none. Null, the default: nobody.
    /// </summary>
    public ILayerObserver? FoldedLayers { get; set; }

    /// <summary>
    /// Told of what libtorch does and what we do in a pass through a layer that is not one call, and of the pools of the copy that
    /// <see cref="FoldFrozenPart"/> leads to; null, the default: nobody.
    /// </summary>
    public IWorkObserver? WorkObserver
    {
        get;
        set
        {
            field = value;
            foreach (var convolution in Network.modules().OfType<TrainedConvolution>())
                convolution.Observer = value;
        }
    }

    /// <summary>The copy of <see cref="FoldFrozenPart"/>; null: none was needed yet.</summary>
    internal FoldedStages? Copy { get; private set; }

    /// <summary>Train mode, as the policy wants it: call this and never the network's own <c>train()</c>.</summary>
    public void Train()
    {
        Network.train();
        if (Policy.FrozenStatisticsDrift) return;
        // train() has just undone this. Without it a forward pass moves the running statistics of frozen BatchNorm layers,
        // whatever requires_grad says.
        foreach (var module in frozenModules)
            module.eval();
    }

    /// <summary>Eval mode for all of the network.</summary>
    public void Eval() => Network.eval();

    /// <summary>
    /// From now on the frozen part runs on a copy of its weights, in the type that passes compute in, into which BatchNorm is
    /// folded: the same outputs but for the rounding, in train and in eval mode alike, and the network itself stays as it is. Where BatchNorm goes by the batch
    /// (<see cref="FreezingPolicy.FrozenStatisticsDrift"/>) or nothing is frozen, it changes nothing.
    /// </summary>
    /// <remarks>
    /// The copy is made at the next forward pass, and anew for images of another height or width. It cannot be stale: whoever writes to a frozen parameter or buffer, by
    /// loading weights or a checkpoint, makes the forward pass after that make a new one; and a network under a new policy
    /// has a new <see cref="PolicyNetwork"/>, without a copy.
    /// </remarks>
    public void FoldFrozenPart() => folds = Policy.FirstTrained > Stage.Stem && !Policy.FrozenStatisticsDrift;

    /// <summary>Drops the gradients of the trainable parameters (null, not zeros: backward writes instead of adding).</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in TrainableParameters)
            parameter.grad = null;
    }

    /// <summary>The forward pass; its graph begins at the first trained stage.</summary>
    /// <param name="images">float32 [N, 3, H, W], normalised, on the network's device.</param>
    /// <returns>Logits, float32 [N, classes]; the caller disposes them.</returns>
    public Tensor Forward(Tensor images) => Computed(() => RunTo(Stage.Head, images));

    /// <summary>The backbone's part of <see cref="Forward"/>; without a graph where the whole backbone is frozen.</summary>
    /// <remarks>
    /// The features of an image may be kept for later epochs only where <see cref="FreezingPolicy.CachesFeatures"/> says so:
    /// under the other policies they change with the weights, or with the batch.
    /// </remarks>
    /// <param name="images">float32 [N, 3, H, W], normalised, on the network's device.</param>
    /// <returns>float32 [N, features]; the caller disposes it.</returns>
    public Tensor ForwardFeatures(Tensor images) => Computed(() => RunTo(Stage.Layer4, images));

    /// <summary>The head's part of <see cref="Forward"/>.</summary>
    /// <param name="features">float32 [N, features], on the network's device, not made in inference mode.</param>
    /// <returns>Logits, float32 [N, classes]; the caller disposes them.</returns>
    public Tensor ForwardHead(Tensor features) => Computed(() => Network.Run(features, Stage.Head, Stage.Head));

    /// <summary>
    /// The running means of the frozen part's BatchNorm layers as they are now; its <see cref="BatchNormSnapshot.Drift"/>
    /// is exactly 0 as long as the policy keeps its promise, and above 0 under <c>frozen-train-bn</c>.
    /// </summary>
    /// <returns>The caller disposes it. Without a frozen part it is empty and the drift is 0.</returns>
    public BatchNormSnapshot SnapshotFrozenBatchNorm() => new(frozenModules);

    /// <inheritdoc/>
    public void Dispose()
    {
        Copy?.Dispose();
        Copy = null;
    }

    // An autocast for each pass, left before anyone calls backward: the casts that libtorch keeps meanwhile are then never those of
    // another pass, which may have been without a graph. The loss is outside: on float32 logits it is the same there.
    private Tensor Computed(Func<Tensor> pass)
    {
        if (precision.AutocastType is null)
            return pass();
        using var autocast = precision.Enter(device);
        using var scope = NewDisposeScope();
        return pass().to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    private Tensor RunTo(Stage last, Tensor images)
    {
        if (Policy.FirstTrained == Stage.Stem) return Network.Run(images, Stage.Stem, last);
        var lastFrozen = Policy.FirstTrained - 1;
        if (lastFrozen >= last) return RunFrozen(images, last);
        using var cut = RunFrozen(images, lastFrozen);
        return Network.Run(cut, Policy.FirstTrained, last);
    }

    private Tensor RunFrozen(Tensor images, Stage last)
    {
        if (folds) return CurrentCopy(images).Run(images, last, FoldedLayers, WorkObserver);
        // Not inference_mode: the first trained layer saves this output for its backward pass, which libtorch refuses then.
        using var noGrad = no_grad();
        return Network.Run(images, Stage.Stem, last);
    }

    private FoldedStages CurrentCopy(Tensor images)
    {
        if (Copy is not null && !(Copy.Takes(images) && Copy.IsCurrent))
            Dispose();
        return Copy ??= new FoldedStages(Network, Policy.FirstTrained - 1, precision.AutocastType ?? ScalarType.Float32);
    }
}
