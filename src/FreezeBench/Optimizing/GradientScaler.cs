using System.Runtime.InteropServices;
using FreezeBench.Kernels.Observing;
using FreezeBench.Kernels.Optimizing;
using FreezeBench.Torch;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Torch.Hardware;
using static TorchSharp.torch;

namespace FreezeBench.Optimizing;

/// <summary>
/// Keeps the gradients of a float16 backward pass inside float16's range: the loss is multiplied with a scale, the gradients are
/// divided by it before the optimizer sees them, and a step whose gradients overflowed is left out.
/// </summary>
/// <remarks>
/// The rule and its constants are those of torch.amp.GradScaler (torch/amp/grad_scaler.py; Micikevicius et al., "Mixed Precision
/// Training", 2018, section 3.2): begin at 65536; halve after an overflow; double after 2000 steps in a row without one. The scale
/// stays a power of two, so that scaling and unscaling round nothing.
/// </remarks>
public sealed class GradientScaler : IDisposable
{
    private const double InitialScale = 65536;
    private const string ScaleName = "scale";
    private const string TrackerName = "growth_tracker";

    // Libtorch profiles a script in its first run and has it optimised in the third.
    private const int CheckedSteps = 3;

    // TorchSharp does not expose the two operations, TorchScript does: the kernels that PyTorch's own scaler runs, one launch for
    // many gradients. One operation in each function: two in a row libtorch fuses on a GPU into a kernel of its own, which it
    // compiles by NVRTC while the network trains, and the packages lack a part of NVRTC under the name that it asks for.
    private static readonly Lazy<jit.CompilationUnit> script = new(() => jit.compile("""
        def unscale(gradients: List[Tensor], found: Tensor, inverse: Tensor) -> Tensor:
            torch._amp_foreach_non_finite_check_and_unscale_(gradients, found, inverse)
            return found

        def update(scale: Tensor, tracker: Tensor, found: Tensor, interval: int) -> Tensor:
            return torch._amp_update_scale_(scale, tracker, found, 2.0, 0.5, interval)

        """));

    private readonly Tensor scale;
    private readonly Tensor tracker;
    private readonly int growthInterval;

    /// <param name="device">Of the losses and gradients to come.</param>
    /// <param name="growthInterval">Steps without an overflow until the scale doubles.</param>
    public GradientScaler(Device device, int growthInterval = 2000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(growthInterval, 1);
        this.growthInterval = growthInterval;
        scale = full([], InitialScale, dtype: ScalarType.Float32, device: device).DetachFromDisposeScope();
        tracker = zeros([], dtype: ScalarType.Int32, device: device).DetachFromDisposeScope();
    }

    /// <summary>The scale as it is now; reading it waits for the device.</summary>
    public float Current
    {
        get
        {
            using var copy = scale.cpu();
            return copy.item<float>();
        }
    }

    /// <summary>All that a later process needs to go on, by name, in the caller's dispose scope.</summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> State =>
        // libtorch counts in int32, which no checkpoint holds.
        [KeyValuePair.Create(ScaleName, scale.alias()), KeyValuePair.Create(TrackerName, tracker.to(ScalarType.Int64))];

    /// <summary>Told of libtorch's work in a step, the wait for the device with it, which is libtorch's too; null, the default: nobody.</summary>
    public IWorkObserver? WorkObserver { get; set; }

    /// <summary>Takes some steps on a few numbers: what the device or libtorch lacks is refused here, and not in the middle of a run.</summary>
    /// <param name="precision">Of the run; only one that scales gradients is tried.</param>
    /// <param name="device">Of the run.</param>
    /// <exception cref="RefusedException">libtorch's own words, and what to do.</exception>
    public static void Check(Precision precision, DeviceChoice device)
    {
        if (!precision.ScalesGradients)
            return;
        using var scope = NewDisposeScope();
        var where = device.ToTorch();
        try
        {
            using var scaler = new GradientScaler(where);
            var parameter = nn.Parameter(ones(8, device: where));
            using var optimizer = new SgdOptimizer([new ParameterGroup([parameter], 1)], momentum: 0.9, weightDecay: 0);
            for (var step = 0; step < CheckedSteps; step++)
            {
                parameter.grad = null;
                scaler.Scale(parameter.sum()).backward();
                if (!scaler.Step(optimizer))
                    throw new RefusedException($"‹The precision› {precision.Name} was asked for on {device.Name}, and the scaler of its gradients takes a sound step for an overflow. Pass ‹the precision› {Precision.Fp32.Name}.");
            }
            new DeviceClock(where).Synchronise();
        }
        catch (ExternalException error)
        {
            throw new RefusedException($"‹The precision› {precision.Name} was asked for on {device.Name}, and in the scaler of its gradients libtorch {__version__} says: {error.Message.Split('\n')[0].Trim()}. Pass ‹the precision› {Precision.Fp32.Name}.", error);
        }
    }

    /// <summary>The loss to call <c>backward</c> on.</summary>
    /// <param name="loss">float32, a scalar; not changed.</param>
    /// <returns>In the caller's dispose scope.</returns>
    public Tensor Scale(Tensor loss) => Work.Seen(WorkObserver, () => loss * scale);

    /// <summary>Unscales the gradients and updates the parameters, or leaves them alone where a gradient is not finite; then updates the scale.</summary>
    /// <remarks>It waits for the device, as PyTorch's does: whether the step counts decides what the host issues next.</remarks>
    /// <param name="optimizer">Of the parameters whose scaled gradients are there.</param>
    /// <returns>Whether the optimizer stepped.</returns>
    public bool Step(Optimizer optimizer)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] gradients = [.. optimizer.Groups.SelectMany(group => group.Parameters).Select(parameter => parameter.grad).OfType<Tensor>()];
        // The scale is a power of two, of which float32's reciprocal is exact.
        var inverse = Work.Seen(WorkObserver, scale.reciprocal);
        var found = Work.Seen(WorkObserver, () => zeros_like(scale));
        Work.Seen(WorkObserver, () => script.Value.invoke("unscale", gradients, found, inverse));
        var sound = Work.Seen(WorkObserver, () => found.cpu().item<float>() == 0);
        if (sound)
            optimizer.Step();
        Work.Seen(WorkObserver, () => script.Value.invoke("update", scale, tracker, found, growthInterval));
        return sound;
    }

    /// <summary>Takes back a <see cref="State"/>.</summary>
    /// <param name="state">Copied from; on any device. What is not in it stays as it is.</param>
    /// <exception cref="ArgumentException">A name is unknown, or a tensor is no scalar.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, value) in state)
        {
            if ((name switch { ScaleName => scale, TrackerName => tracker, _ => null }) is not { } own || value.numel() != 1)
                throw new ArgumentException($"The gradient scaler remembers nothing of the name '{name}' and the shape [{string.Join(", ", value.shape)}].", nameof(state));
            own.copy_(value.reshape([]));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        scale.Dispose();
        tracker.Dispose();
    }
}
