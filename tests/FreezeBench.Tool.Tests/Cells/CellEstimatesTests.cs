using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using FreezeBench.Tool.Cells;
using FreezeBench.Tool.Tests.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Cells;

public sealed class CellEstimatesTests
{
    private const string Epochs = """
        { "cells": [{ "networks": ["resnet18"], "policies": ["frozen"], "kernels": ["fast"], "resolutions": [32], "batch_sizes": [128],
          "options": { "suites": "epoch", "images-per-epoch": 1024 } }] }
        """;

    private static CellEstimate Of(MatrixFolder matrix, params BenchmarkRow[] rows)
    {
        var results = matrix.At("rows");
        new MadeUpResults().Filled(results, MadeUpResults.RunId).Dispose();
        new ResultStore(Path.Combine(results, MadeUpResults.Id)).Append(rows);
        return new CellEstimates(matrix.Cells, matrix.Job, [ResultSet.Load(results)]).Of(matrix.Cells[0]);
    }

    // 2 + 5 iterations of as many ms as there are images and a hundred more.
    private static BenchmarkRow Epoch(int images, string run = "20260105T030405Z-0011aabb", string suite = "epoch", string policy = "frozen")
    {
        var row = MadeUpResults.Measurement.ToRow(MadeUpResults.Stamp(run));
        return row with { Suite = suite, Policy = policy, Phase = "epoch", Images = images, MeanMs = images + 100 };
    }

    [Fact]
    public void OfRowsOfTheSameCase_TheNewestRunCounts()
    {
        using var matrix = new MatrixFolder(Epochs);
        var estimate = Of(matrix, Epoch(1024), Epoch(1024, "20260106T030405Z-0011aabb") with { MeanMs = 1000 }, Epoch(512, "20260107T030405Z-0011aabb"));
        Assert.Equal((TimeSpan.FromSeconds(7), $"rows of {MadeUpResults.Id}, run 20260106T030405Z-0011aabb"), (estimate.Time, estimate.Source));
    }

    [Fact]
    public void WithoutTheSameLength_TheLineThroughOthersDoes()
    {
        using var matrix = new MatrixFolder(Epochs);
        var estimate = Of(matrix, Epoch(256, suite: "scaling"), Epoch(512, suite: "scaling"), Epoch(512));
        Assert.Equal(7 * 1.124, estimate.Time!.Value.TotalSeconds, 0.001);
        Assert.Equal($"the line through epochs of 256 to 512 images of {MadeUpResults.Id}", estimate.Source);
    }

    [Theory]
    [InlineData(1e150)]
    [InlineData(1e12)]
    [InlineData(-1)]
    public void TimeThatNoCellTakes_IsNoRecord(double meanMs)
    {
        using var matrix = new MatrixFolder(Epochs);
        Assert.Equal(CellEstimate.Unknown, Of(matrix, Epoch(1024) with { MeanMs = meanMs, WarmUpCount = int.MaxValue }));
    }

    [Fact]
    public void AttemptOfAnotherClock_IsNoRecord()
    {
        using var matrix = new MatrixFolder(Epochs.Replace("\"options\"", "\"repeats\": 6, \"options\"", StringComparison.Ordinal));
        var folder = matrix.Attempted(matrix.Cells[0], "20260101T000000Z-00000001");
        (Attempt.Read(folder)! with { Begun = DateTimeOffset.MinValue, Ended = DateTimeOffset.MaxValue }).Write(folder);
        var run = matrix.Plan("--rows", Path.Combine(folder, Attempt.ResultsName));
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("any: 6 cells, 1 done, of 5 the time is unknown", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, matrix.Matrix("status").ExitCode);
    }

    [Fact]
    public void AnotherPolicy_TellsNothing()
    {
        using var matrix = new MatrixFolder(Epochs);
        Assert.Equal(CellEstimate.Unknown, Of(matrix, Epoch(1024, policy: "fine-tune")));
    }

    [Fact]
    public void AttemptAtAnotherRepeat_CountsMost()
    {
        using var matrix = new MatrixFolder(Epochs.Replace("\"options\"", "\"repeats\": 2, \"options\"", StringComparison.Ordinal));
        matrix.Attempted(matrix.Cells[1], "20260101T000000Z-00000001", endedAfter: 33, host: "a1");
        Assert.Equal((TimeSpan.FromSeconds(33), "an attempt on a1"), (Of(matrix, Epoch(1024)).Time, Of(matrix).Source));
    }

    [Fact]
    public void Training_TakesItsEpochs()
    {
        using var matrix = new MatrixFolder("""{ "cells": [{ "program": "accuracy", "datasets": ["cifar10"], "policies": ["frozen"], "options": { "epochs": 10 } }] }""");
        var rows = Enumerable.Range(1, 3).Select(epoch => MadeUpResults.Epoch(MadeUpResults.RunId, 1, epoch));
        Assert.Equal(10 * rows.Average(row => row.TrainTimeS + row.EvaluationTimeS), Of(matrix).Time!.Value.TotalSeconds, 0.001);
    }
}
