using FreezeBench.Freezing;
using FreezeBench.Measurement;
using FreezeBench.Results.Verification;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Training;

namespace FreezeBench.DeviceChecks;

/// <summary>The peak that utilisations are told by: no step may be above it.</summary>
internal static class PeakCheck
{
    private const int BatchSizeOnCuda = 256, BatchSizeOnCpu = 64, TimedSteps = 5;

    // As freezebench check has it of rows.
    private const double MostUtilisation = 1.02;

    internal static CheckFinding Find(CheckedDevice device)
    {
        var stepsPerS = StepFlopsPerS(device);
        return Judged(stepsPerS, MatmulPeak.FlopsPerS(device.Torch));
    }

    /// <param name="stepFlopsPerS">What a training step reaches.</param>
    /// <param name="peakFlopsPerS">What products reach.</param>
    internal static CheckFinding Judged(double stepFlopsPerS, double peakFlopsPerS) => CheckFinding.Of(
        new VerifiedFigure("peak_flops_per_s", peakFlopsPerS) { AtLeast = 1 },
        new VerifiedFigure("step_flops_per_s", stepFlopsPerS) { AtLeast = 1 },
        new VerifiedFigure("step_utilisation", stepFlopsPerS / peakFlopsPerS) { AtMost = MostUtilisation });

    private static double StepFlopsPerS(CheckedDevice device)
    {
        var batchSize = device.IsCuda ? BatchSizeOnCuda : BatchSizeOnCpu;
        using var images = SmallTraining.Images(device.Torch, batchSize);
        using var trainer = new Trainer(
            SmallTraining.Network, FreezingPolicy.FineTune, images, SmallTraining.ResolutionPx, device.Layout, SmallTraining.Options(Precision.Fp32) with { BatchSize = batchSize });
        var (clock, best) = (device.Clock, double.PositiveInfinity);
        for (var step = -2; step < TimedSteps; step++)
        {
            var start = clock.Now();
            trainer.Step(0, NoObserver.Instance);
            if (step >= 0)
                best = Math.Min(best, clock.Since(start).TotalSeconds);
        }
        var flops = StepFlops.Of(SmallTraining.Network, SmallTraining.Classes, SmallTraining.ResolutionPx, FreezingPolicy.FineTune, withPadding: false);
        return (flops.Forward + flops.Backward) * (double)batchSize / best;
    }
}
