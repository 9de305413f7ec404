using FreezeBench.Freezing;
using FreezeBench.Measurement;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Verification;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Training;

namespace FreezeBench.DeviceChecks;

/// <summary>
/// What a step's time is: its phases by events on the GPU against the step, and whether the host or the GPU bounds it (<see cref="StepBound"/>). One wait a step
/// against one in ten: where the GPU is the slower, the host is ahead and waits; where the host is, issuing the work takes as long as the step.
/// </summary>
internal static class PhasesCheck
{
    private const int BatchSize = 128;

    // Events are recorded behind the kernels, and between two of them the GPU may stand still: their sum is the step, from the first kernel to the last.
    private const double LeastSum = 0.5, MostSum = 1.1;

    internal static CheckFinding Find(CheckedDevice device)
    {
        if (!device.IsCuda)
            return CheckFinding.NotApplicable("needs CUDA: on the CPU the host is the device, and work is done when its call returns");
        using var events = EventPhases.LoadedRuntime() is { } runtime ? EventPhases.TryOpen(runtime, device.Torch.index) : null;
        if (events is null)
            return CheckFinding.Failed("libtorch has loaded no CUDA runtime (libcudart), so phases can be timed by waits alone");
        using var images = SmallTraining.Images(device.Torch, BatchSize);
        using var trainer = new Trainer(
            SmallTraining.Network, FreezingPolicy.FineTune, images, SmallTraining.ResolutionPx, device.Layout, SmallTraining.Options(Precision.Fp32) with { BatchSize = BatchSize });
        var clock = device.Clock;
        Preheating.For(Preheating.OnCuda, () => { trainer.Step(0, NoObserver.Instance); clock.Synchronise(); }, TimeProvider.System);
        var bound = StepTrial.Bound(() => trainer.Step(0, NoObserver.Instance), clock.Synchronise, TimeProvider.System);
        return bound is null ? CheckFinding.Failed("steps with a wait and without one could not be timed") : Judged(bound, events.Measure(observer => trainer.Step(0, observer), TimeProvider.System).Sum());
    }

    /// <param name="bound">Times of steps.</param>
    /// <param name="eventsMs">The sum of the phases by events, in steps that follow each other.</param>
    internal static CheckFinding Judged(StepBound bound, double eventsMs) => CheckFinding.Of(
        new("step_ms", bound.SingleMs), new("step_of_ten_ms", bound.StepMs), new("issue_ms", bound.IssueMs), new("bound_by_host", bound.By == BoundBy.Host ? 1 : 0),
        new("events_over_step", eventsMs / bound.StepMs) { AtLeast = LeastSum, AtMost = MostSum });
}
