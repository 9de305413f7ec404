using System.Diagnostics;
using FreezeBench.Torch.Hardware;
using FreezeBench.Training;

namespace FreezeBench.Measurement;

/// <summary>
/// Times each phase of a step, with the device synchronised at every boundary: the sum of the phases is the step, and a
/// little more than an undisturbed step on a GPU, where phases otherwise overlap with the host's own work.
/// </summary>
/// <param name="clock">The device's clock.</param>
public sealed class PhaseRecorder(DeviceClock clock) : IPhaseObserver
{
    private readonly long[] ticks = new long[StepPhases.All.Count];
    private long last;

    /// <summary>Milliseconds of a phase in the step that ended last.</summary>
    public double LastMs(StepPhase phase) => ticks[(int)phase] * 1000.0 / Stopwatch.Frequency;

    /// <inheritdoc/>
    public void StepBegins()
    {
        Array.Clear(ticks);
        last = clock.Now();
    }

    /// <inheritdoc/>
    public void PhaseEnds(StepPhase phase)
    {
        var now = clock.Now();
        ticks[(int)phase] += now - last;
        last = now;
    }
}
