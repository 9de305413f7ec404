using FreezeBench.Freezing;
using FreezeBench.Measurement;
using FreezeBench.Results.Statistics;
using FreezeBench.Results.Verification;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Torch.Hardware;
using FreezeBench.Training;

namespace FreezeBench.DeviceChecks;

/// <summary>
/// What a step's time is: its phases by events on the GPU against the step, and whether the host or the GPU bounds it. One wait a step against one in
/// ten: where the GPU is the slower, the host is ahead and waits; where the host is, issuing the work takes as long as the step.
/// </summary>
internal static class PhasesCheck
{
    private const int Rounds = 7, StepsOfAWait = 10, BatchSize = 128;

    // Events are recorded behind the kernels, and between two of them the GPU may stand still: their sum is the step, from the first kernel to the last.
    private const double LeastSum = 0.5, MostSum = 1.1;

    // Nine tenths of the step in issuing it: the GPU has next to no work in stock.
    private const double HostBound = 0.9;

    internal static CheckFinding Find(CheckedDevice device)
    {
        if (!device.IsCuda)
            return CheckFinding.NotApplicable("needs CUDA: on the CPU the host is the device, and work is done when its call returns");
        var folder = Path.Combine(AppContext.BaseDirectory, "runtimes", OperatingSystem.IsWindows() ? "win-x64" : "linux-x64", "native");
        var runtime = EventPhases.RuntimeIn(Directory.Exists(folder) ? folder : AppContext.BaseDirectory);
        using var events = runtime is null ? null : EventPhases.TryOpen(runtime);
        if (events is null)
            return CheckFinding.Failed("the CUDA runtime (libcudart) does not lie beside libtorch, so phases can be timed by waits alone");
        using var images = SmallTraining.Images(device.Torch, BatchSize);
        using var trainer = new Trainer(
            SmallTraining.Network, FreezingPolicy.FineTune, images, SmallTraining.ResolutionPx, device.Layout, SmallTraining.Options(Precision.Fp32) with { BatchSize = BatchSize });
        Preheating.For(Preheating.OnCuda, () => Timed(device.Clock, trainer, 1, NoObserver.Instance), TimeProvider.System);
        var (single, ten, issue, sums) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            single.Add(Timed(device.Clock, trainer, 1, NoObserver.Instance).StepMs);
            var (step, issuing) = Timed(device.Clock, trainer, StepsOfAWait, NoObserver.Instance);
            ten.Add(step);
            issue.Add(issuing);
            Timed(device.Clock, trainer, 1, events);
            sums.Add(events.Read().Sum());
        }
        return Judged(Median(single), Median(ten), Median(issue), Median(sums));
    }

    /// <param name="singleMs">A step with a wait at its end.</param>
    /// <param name="tenMs">A step of ten with one wait.</param>
    /// <param name="issueMs">What the host takes to issue one of these.</param>
    /// <param name="eventsMs">The sum of the phases by events.</param>
    internal static CheckFinding Judged(double singleMs, double tenMs, double issueMs, double eventsMs) => CheckFinding.Of(
        new("step_ms", singleMs), new("step_of_ten_ms", tenMs), new("issue_ms", issueMs), new("bound_by_host", issueMs >= HostBound * tenMs ? 1 : 0),
        new("events_over_step", eventsMs / singleMs) { AtLeast = LeastSum, AtMost = MostSum });

    private static (double StepMs, double IssueMs) Timed(DeviceClock clock, Trainer trainer, int steps, IPhaseObserver observer)
    {
        var start = clock.Now();
        for (var step = 0; step < steps; step++)
            trainer.Step(0, observer);
        var issued = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return (clock.Since(start).TotalMilliseconds / steps, issued / steps);
    }

    private static double Median(List<double> values) => SampleSummary.Of(values).Median;
}
