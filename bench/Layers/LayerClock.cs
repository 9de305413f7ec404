using System.Diagnostics;
using FreezeBench.Kernels.Observing;
using FreezeBench.Training;

namespace FreezeBench.Benchmarks.Layers;

/// <summary>
/// Gives all time of a step to its layers and phases: at every event, the time since the one before goes to what ran. What
/// runs between two layers (ReLU, the addition, pooling) has no module; it is the block's, as <c>layer1.0 (rest)</c>.
/// </summary>
/// <remarks>
/// libtorch runs the backward pass in the reverse order of the forward pass, one operation after the other, so that the time
/// between a layer's marks is the layer's there, too.
/// </remarks>
/// <param name="now">Waits for the device and reads a clock in <see cref="Stopwatch.Frequency"/> ticks.</param>
public sealed class LayerClock(Func<long> now) : IPhaseObserver, ILayerObserver
{
    /// <summary>The part of a phase that has no layers.</summary>
    public const string Whole = "all";

    private readonly OrderedDictionary<(StepPhase Phase, string Layer), long> ticks = [];
    private StepPhase phase;
    private string? open;
    private string? closed;
    private long last;

    /// <summary>Milliseconds of the step that ended last, by phase and layer, in the order in which they ran.</summary>
    public IReadOnlyList<(StepPhase Phase, string Layer, double Ms)> Times =>
        [.. ticks.Select(entry => (entry.Key.Phase, entry.Key.Layer, entry.Value * 1000.0 / Stopwatch.Frequency))];

    public void StepBegins()
    {
        ticks.Clear();
        Enter(StepPhase.Data);
        last = now();
    }

    public void PhaseEnds(StepPhase phase)
    {
        // In the backward pass the first layer ends with the phase: nothing before it wants a gradient.
        Charge(open ?? (closed is null ? Whole : Rest(closed)));
        Enter(phase + 1);
    }

    public void ForwardBegins(string layer)
    {
        Charge(closed is null ? Rest(layer) : Rest(closed));
        open = layer;
    }

    public void ForwardEnds(string layer) => End(layer);

    /// <summary>The gradient of a layer's output is there.</summary>
    public void BackwardBegins(string layer)
    {
        // What ran since is what the forward pass ran after this layer: its block's rest, or the loss.
        Charge(open ?? (closed is null ? "loss" : Rest(layer)));
        open = layer;
    }

    /// <summary>The gradient of its input is there.</summary>
    public void BackwardEnds(string layer) => End(layer);

    // Of "layer1.0.downsample.0" it is "layer1.0 (rest)"; of the stem's two layers "stem (rest)".
    private static string Rest(string layer)
    {
        var parts = layer.Split('.');
        return parts.Length > 2 ? $"{parts[0]}.{parts[1]} (rest)" : layer == "fc" ? "head (rest)" : "stem (rest)";
    }

    private void End(string layer)
    {
        Charge(layer);
        (open, closed) = (null, layer);
    }

    private void Enter(StepPhase next) => (phase, open, closed) = (next, null, null);

    private void Charge(string layer)
    {
        var time = now();
        var key = (phase, layer);
        ticks[key] = ticks.GetValueOrDefault(key) + time - last;
        last = time;
    }
}
