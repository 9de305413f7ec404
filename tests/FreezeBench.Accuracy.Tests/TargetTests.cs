using System.Globalization;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Accuracy.Tests;

public class TargetTests
{
    private static readonly string[] command =
    [
        .. Runner.Synthetic.Select(word => word == "12" ? "50" : word), "--policies", "fine-tune",
        "--classes", "2", "--epochs", "4", "--schedule", "constant", "--learning-rate", "0.01",
    ];

    [Fact]
    public void Run_StopsAtTheFirstEpochThatReachesTheTarget_AndReportsTheTimeUpToThere()
    {
        // A seed whose best epoch is in between: every run has a first and a last one. On noise about every third has.
        static int First(IReadOnlyList<AccuracyRow> rows) => rows.MaxBy(row => row.TestAccuracyFraction)!.Epoch;
        var (seed, all) = Enumerable.Range(1, 20).Select(seed => (Seed: $"{seed}", Runner.Run([.. command, "--seed", $"{seed}"]).Rows)).First(run => First(run.Rows) is > 1 and < 4);
        var (best, first) = (all.Max(row => row.TestAccuracyFraction), First(all));

        var (rows, ends, output, progress) = Runner.Run([.. command, "--seed", seed, "--target", best.ToString("R", CultureInfo.InvariantCulture)]);

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
