using FreezeBench.Kernels.Convolutions;
using FreezeBench.Kernels.Observing;
using FreezeBench.Networks;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using FreezeBench.Torch.Arithmetic;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Freezing;

/// <summary>
/// A network under a freezing policy: it alone sets <c>requires_grad</c> and train or eval mode, and runs the frozen part
/// without a graph. The network may be put under another policy by a new <see cref="PolicyNetwork"/>; use the newest.
/// Disposing it frees the copy that <see cref="FoldFrozenPart"/> leads to and the adapters, and nothing of the network.
/// </summary>
public sealed class PolicyNetwork : IDisposable
{
    private readonly FrozenModules frozen;
    private readonly LowRankAdapters? adapters;
    private readonly Precision precision;
    private readonly DeviceType device;
    private readonly int firstTrained;
    private readonly int head;

    /// <summary>
    /// Puts a network under a policy and into train mode. Build the optimizer afterwards, from
    /// <see cref="TrainableParameters"/>.
    /// </summary>
    /// <remarks>
    /// Frozen parameters lose their gradient: an optimizer that already holds them would otherwise go on moving them by
    /// momentum and weight decay, for which a gradient of zeros is enough.
    /// </remarks>
    /// <param name="network">
    /// Still owned by the caller, who loads weights and moves it to its device before this: TorchSharp's
    /// <c>to()</c> makes new parameters, and the lists below would hold the old ones.
    /// </param>
    /// <param name="policy">What trains.</param>
    /// <param name="precision">What forward passes compute in; null: float32. The weights stay float32.</param>
    /// <exception cref="UserErrorException">The network has not the stage that the policy names, or nothing that it could train.</exception>
    public PolicyNetwork(INetwork network, FreezingPolicy policy, Precision? precision = null)
    {
        (Network, Policy) = (network, policy);
        (this.precision, device) = (precision ?? Precision.Fp32, network.Module.parameters().First().device_type);
        var stages = network.Stages.Select(stage => stage.Name).ToList();
        (head, firstTrained) = (stages.Count - 1, policy.FirstTrained(stages));
        var places = ParameterPlaces.Of(network);
        var trained = places.Where(place => policy.Trains(place.Place)).ToList();
        adapters = policy.AdapterRank is { } rank ? new LowRankAdapters(network, rank) : null;
        BackboneParameters = [.. trained.Where(place => !place.Place.InHead).Select(place => place.Parameter), .. adapters?.Parameters.Select(item => item.Value) ?? []];
        HeadParameters = [.. trained.Where(place => place.Place.InHead).Select(place => place.Parameter)];
        TrainableParameters = [.. BackboneParameters, .. HeadParameters];
        FrozenParameters = [.. places.Where(place => !policy.Trains(place.Place)).Select(place => place.Parameter)];
        if (!policy.BackboneFrozen && BackboneParameters.Count == 0)
            throw new UserErrorException($"Policy '{policy.Name}' finds nothing to train before the head of this network. Choose another policy.");
        foreach (var parameter in TrainableParameters)
            parameter.requires_grad = true;
        foreach (var parameter in FrozenParameters)
        {
            parameter.requires_grad = false;
            parameter.grad = null;
        }
        var trainedStages = adapters is null ? trained.Select(place => place.Place.Stage) : Enumerable.Range(0, stages.Count);
        frozen = new(network, policy, trainedStages.ToHashSet());
        Train();
    }

    /// <summary>The network itself.</summary>
    public INetwork Network { get; }

    /// <summary>What trains.</summary>
    public FreezingPolicy Policy { get; }

    /// <summary>What the optimizer gets: backbone parameters, then head parameters.</summary>
    public IReadOnlyList<Parameter> TrainableParameters { get; }

    /// <summary>How much of the network trains, for the result files.</summary>
    public ParameterCounts Counts
    {
        get
        {
            var trainable = TrainableParameters.Sum(parameter => parameter.numel());
            return new ParameterCounts(trainable, trainable + FrozenParameters.Sum(parameter => parameter.numel()), TrainableParameters.Sum(parameter => parameter.numel() * parameter.element_size()));
        }
    }

    /// <summary>The trained parameters before the head, those of adapters last; empty where the whole backbone is frozen.</summary>
    public IReadOnlyList<Parameter> BackboneParameters { get; }

    /// <summary>The head's parameters.</summary>
    public IReadOnlyList<Parameter> HeadParameters { get; }

    /// <summary>The network's own parameters that no step may change.</summary>
    public IReadOnlyList<Parameter> FrozenParameters { get; }

    /// <summary>The adapters' parameters by name, such as <c>layer1.0.conv1.lora_A</c>; empty without adapters. They are no part of the network's state dict.</summary>
    public IReadOnlyList<KeyValuePair<string, Parameter>> AdapterParameters => [.. adapters?.Parameters ?? []];

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
            foreach (var convolution in Network.Module.modules().OfType<TrainedConvolution>())
                convolution.Observer = value;
        }
    }

    /// <summary>The copy of <see cref="FoldFrozenPart"/>; null: none was needed yet, or the network has none.</summary>
    internal IFrozenCopy? Copy { get; private set; }

    /// <summary>Train mode, as the policy wants it: call this and never the network's own <c>train()</c>.</summary>
    public void Train()
    {
        Network.Module.train();
        // train() has just undone this. Without it a forward pass moves the running statistics of frozen BatchNorm layers,
        // whatever requires_grad says.
        frozen.Evaluate();
    }

    /// <summary>Eval mode for all of the network.</summary>
    public void Eval() => Network.Module.eval();

    /// <summary>
    /// From now on the frozen part before the first trained stage runs on a copy of its weights, where the network has one
    /// (<see cref="IFoldable"/>), in the type that passes compute in, into which BatchNorm is folded: the same outputs but for the rounding, in
    /// train and in eval mode alike, and the network itself stays as it is. Where BatchNorm goes by the batch
    /// (<see cref="FreezingPolicy.FrozenStatisticsDrift"/>) or nothing is frozen, it changes nothing.
    /// </summary>
    /// <remarks>
    /// The copy is made at the next forward pass, and anew for images of another height or width. It cannot be stale: whoever writes to a frozen parameter or buffer, by
    /// loading weights or a checkpoint, makes the forward pass after that make a new one; and a network under a new policy
    /// has a new <see cref="PolicyNetwork"/>, without a copy.
    /// </remarks>
    public void FoldFrozenPart() => Folds = firstTrained > 0 && !Policy.FrozenStatisticsDrift;

    /// <summary>Whether the frozen part runs on such a copy, if the network has one.</summary>
    internal bool Folds { get; private set; }

    /// <summary>Adds the adapters to the weights that they hang on, so that the network computes without them what it computed with them, but for the rounding.</summary>
    public void MergeAdapters() => adapters?.Merge();

    /// <summary>Drops the gradients of the trainable parameters (null, not zeros: backward writes instead of adding).</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in TrainableParameters)
            parameter.grad = null;
    }

    /// <summary>The forward pass; its graph begins at the first trained stage.</summary>
    /// <param name="images">float32 [N, 3, H, W], normalised, on the network's device.</param>
    /// <returns>Logits, float32 [N, classes]; the caller disposes them.</returns>
    public Tensor Forward(Tensor images) => Computed(() => RunTo(head, images));

    /// <summary>The backbone's part of <see cref="Forward"/>; without a graph where the whole backbone is frozen.</summary>
    /// <remarks>
    /// The features of an image may be kept for later epochs only where <see cref="FreezingPolicy.CachesFeatures"/> says so:
    /// under the other policies they change with the weights, or with the batch.
    /// </remarks>
    /// <param name="images">float32 [N, 3, H, W], normalised, on the network's device.</param>
    /// <returns>float32 [N, features]; the caller disposes it.</returns>
    public Tensor ForwardFeatures(Tensor images) => Computed(() => RunTo(head - 1, images));

    /// <summary>The head's part of <see cref="Forward"/>.</summary>
    /// <param name="features">float32 [N, features], on the network's device, not made in inference mode.</param>
    /// <returns>Logits, float32 [N, classes]; the caller disposes them.</returns>
    public Tensor ForwardHead(Tensor features) => Computed(() => Network.Stages[head].Run(features));

    /// <summary>
    /// The running means of the frozen part's BatchNorm layers as they are now; its <see cref="BatchNormSnapshot.Drift"/>
    /// is exactly 0 as long as the policy keeps its promise, and above 0 under <c>frozen-train-bn</c>.
    /// </summary>
    /// <returns>The caller disposes it. Without a frozen part it is empty and the drift is 0.</returns>
    public BatchNormSnapshot SnapshotFrozenBatchNorm() => new(frozen.Norms);

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        adapters?.Dispose();
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

    private Tensor RunTo(int last, Tensor images)
    {
        if (firstTrained == 0) return Network.RunStages(images, 0, last);
        if (firstTrained > last) return RunFrozen(images, last);
        using var cut = RunFrozen(images, firstTrained - 1);
        return Network.RunStages(cut, firstTrained, last);
    }

    private Tensor RunFrozen(Tensor images, int last)
    {
        if (Folds && CurrentCopy(images) is { } copy)
            return copy.Run(images, last, FoldedLayers, WorkObserver);
        // Not inference_mode: the first trained layer saves this output for its backward pass, which libtorch refuses then.
        using var noGrad = no_grad();
        return Network.RunStages(images, 0, last);
    }

    private IFrozenCopy? CurrentCopy(Tensor images)
    {
        if (Copy is not null && !(Copy.Takes(images) && Copy.IsCurrent))
            Forget();
        return Copy ??= (Network as IFoldable)?.Fold(firstTrained - 1, precision.AutocastType ?? ScalarType.Float32);
    }

    private void Forget()
    {
        Copy?.Dispose();
        Copy = null;
    }
}
