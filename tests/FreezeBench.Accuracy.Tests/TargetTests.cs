using System.Globalization;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Accuracy.Tests;

public class TargetTests
{
    private static readonly string[] command =
    [
        "--device", "cpu", "--threads", "1", "--resolution", "16", "--batch-size", "8", "--train-limit", "20", "--test-limit", "50", "--dataset", "synthetic", "--policies", "fine-tune",
        "--classes", "2", "--epochs", "4", "--seed", "2", "--schedule", "constant", "--learning-rate", "0.01",
    ];

    [Fact]
    public void Run_StopsAtTheFirstEpochThatReachesTheTarget_AndReportsTheTimeUpToThere()
    {
        var all = Runner.Run(command).Rows;
        var (best, first) = (all.Max(row => row.TestAccuracyFraction), all.MaxBy(row => row.TestAccuracyFraction)!.Epoch);
        // Otherwise this shows nothing: every run has a first and a last epoch.
        Assert.True(first is > 1 and < 4, string.Join(' ', all.Select(row => row.TestAccuracyFraction)));

        var (rows, ends, output, progress) = Runner.Run([.. command, "--target", best.ToString("R", CultureInfo.InvariantCulture)]);

        Assert.Equal(all.Take(first).Select(Learned.Of), rows.Select(Learned.Of));
        var end = Assert.Single(ends);
        Assert.Equal((RunRow.TargetReached, first, 4, first, best), (end.Status, end.EpochsDone, end.Epochs, end.EpochsToTarget, end.TargetAccuracyFraction));
        Assert.Equal(rows.Sum(row => row.TrainTimeS), end.TargetTrainTimeS!.Value, 1e-12);
        Assert.Equal(end.TargetTrainTimeS.Value, end.TrainTimeS);
        Assert.Equal(best, end.TestAccuracyFraction);
        Assert.Contains($"in epoch {first}, after", progress, StringComparison.Ordinal);
        Assert.Contains("s to target", output, StringComparison.Ordinal);
        Assert.DoesNotContain("not reached", output, StringComparison.Ordinal);
    }

    [Fact]
    public void TargetOutOfReach_LeavesTheRunWhole_AndItsTimeUnknown()
    {
        var (rows, ends, output, _) = Runner.Run([.. Runner.Synthetic, "--policies", "frozen-cached", "--epochs", "2", "--target", "1"]);

        Assert.Equal(2, rows.Count);
        var end = Assert.Single(ends);
        Assert.Equal((RunRow.Finished, 2, 1.0), (end.Status, end.EpochsDone, end.TargetAccuracyFraction));
        Assert.Null(end.EpochsToTarget);
        Assert.Null(end.TargetTrainTimeS);
        Assert.Contains("not reached", output, StringComparison.Ordinal);
    }

    [Fact]
    public void NoTarget_IsUnknown() => Assert.Null(Assert.Single(Runner.Run([.. Runner.Synthetic, "--policies", "frozen-cached"]).Ends).TargetAccuracyFraction);
}
