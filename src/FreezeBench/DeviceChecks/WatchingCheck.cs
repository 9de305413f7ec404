using FreezeBench.Freezing;
using FreezeBench.Measurement;
using FreezeBench.Results.Statistics;
using FreezeBench.Results.Verification;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Training;

namespace FreezeBench.DeviceChecks;

/// <summary>Steps while the sensors are read as they are in a measurement, and steps without, in turn.</summary>
internal static class WatchingCheck
{
    // Enough pairs for bounds at 99 %, and so long that the sensors are read twice or more in each.
    private const int Rounds = 12;
    private static readonly TimeSpan blockOnCuda = TimeSpan.FromSeconds(0.6), blockOnCpu = TimeSpan.FromSeconds(0.1);

    private const double Confidence = 0.99;

    // A share of a step that nobody would see in a report.
    private const double MostRatio = 1.01;

    internal static CheckFinding Find(CheckedDevice device)
    {
        using var images = SmallTraining.Images(device.Torch);
        using var trainer = SmallTraining.Ready(device, FreezingPolicy.FineTune, Precision.Fp32, images);
        var block = device.IsCuda ? blockOnCuda : blockOnCpu;
        var (watched, alone) = (new List<double>(), new List<double>());
        StepMs(device, trainer, block);
        for (var round = 0; round < Rounds; round++)
        {
            using (var watch = DeviceWatch.Start(device.Choice))
            {
                watch.Begin();
                watched.Add(StepMs(device, trainer, block));
                watch.End();
            }
            alone.Add(StepMs(device, trainer, block));
        }
        return Judged(watched, alone);
    }

    /// <summary>It fails where even the lower bound of the ratio is a slowdown: a machine that is noisy proves nothing either way.</summary>
    /// <param name="watchedMs">Times of a step.</param>
    /// <param name="aloneMs">Likewise, without sensors.</param>
    internal static CheckFinding Judged(IReadOnlyList<double> watchedMs, IReadOnlyList<double> aloneMs)
    {
        var ratio = Ratio.Of(watchedMs, aloneMs, Confidence);
        return CheckFinding.Of(
            new VerifiedFigure("ratio", ratio.Value),
            new VerifiedFigure("ratio_lower_bound", ratio.Lower ?? double.NaN) { AtMost = MostRatio },
            new VerifiedFigure("ratio_upper_bound", ratio.Upper ?? double.NaN));
    }

    private static double StepMs(CheckedDevice device, Trainer trainer, TimeSpan atLeast)
    {
        var clock = device.Clock;
        var (start, steps) = (clock.Now(), 0);
        do
        {
            for (var step = 0; step < trainer.FullStepsPerEpoch && (step == 0 || device.IsCuda); step++, steps++)
                trainer.Step(step, NoObserver.Instance);
        }
        while (clock.Since(start) < atLeast);
        return clock.Since(start).TotalMilliseconds / steps;
    }
}
