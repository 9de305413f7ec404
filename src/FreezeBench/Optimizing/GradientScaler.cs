using FreezeBench.Kernels.Optimizing;
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

    // TorchSharp does not expose the two operations, TorchScript does: the kernels that PyTorch's own scaler runs, one launch for
    // many gradients.
    private static readonly Lazy<jit.CompilationUnit> script = new(() => jit.compile("""
        def unscale(gradients: List[Tensor], scale: Tensor) -> Tensor:
            found = torch.zeros_like(scale)
            torch._amp_foreach_non_finite_check_and_unscale_(gradients, found, scale.double().reciprocal().float())
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

    /// <summary>The loss to call <c>backward</c> on.</summary>
    /// <param name="loss">float32, a scalar; not changed.</param>
    /// <returns>In the caller's dispose scope.</returns>
    public Tensor Scale(Tensor loss) => loss * scale;

    /// <summary>Unscales the gradients and updates the parameters, or leaves them alone where a gradient is not finite; then updates the scale.</summary>
    /// <remarks>It waits for the device, as PyTorch's does: whether the step counts decides what the host issues next.</remarks>
    /// <param name="optimizer">Of the parameters whose scaled gradients are there.</param>
    /// <returns>Whether the optimizer stepped.</returns>
    public bool Step(Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] gradients = [.. optimizer.Groups.SelectMany(group => group.Parameters).Select(parameter => parameter.grad).OfType<Tensor>()];
        var found = (Tensor)script.Value.invoke("unscale", gradients, scale);
        var sound = found.cpu().item<float>() == 0;
        if (sound)
            optimizer.Step();
        script.Value.invoke("update", scale, tracker, found, growthInterval);
        return sound;
    }

    /// <summary>Takes back a <see cref="State"/>.</summary>
    /// <param name="state">Copied from; on any device. What is not in it stays as it is.</param>
    /// <exception cref="ArgumentException">A name is unknown, or a tensor is no scalar.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
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
