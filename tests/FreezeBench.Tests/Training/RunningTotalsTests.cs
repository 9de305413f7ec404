using FreezeBench.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Training;

public class RunningTotalsTests
{
    [Fact]
    public void Loss_IsTheMeanOverImages_NotOverBatches()
    {
        using var totals = new RunningTotals(CPU);
        Add(totals, meanLoss: 1, [[2, 1], [0, 3], [5, 4]], [0, 1, 1]);
        Add(totals, meanLoss: 4, [[1, 2]], [1]);

        Assert.Equal(new PassResult(MeanLoss: 7.0 / 4, Correct: 3, Count: 4), totals.Read());
        Assert.Equal(0.75, totals.Read().AccuracyFraction);
    }

    [Fact]
    public void Loss_IsSummedInDouble()
    {
        // A float sum would stay at 16,777,216: above it, float has no odd numbers.
        using var totals = new RunningTotals(CPU);
        Add(totals, meanLoss: 16_777_216, [[1, 0]], [0]);
        Add(totals, meanLoss: 1, [[1, 0]], [0]);

        Assert.Equal(16_777_217 / 2.0, totals.Read().MeanLoss);
    }

    [Fact]
    public void Reset_ForgetsEverything()
    {
        using var totals = new RunningTotals(CPU);
        Add(totals, meanLoss: 9, [[1, 0]], [0]);
        totals.Reset();
        Add(totals, meanLoss: 2, [[1, 0], [1, 0]], [1, 0]);
        totals.Reset();
        Add(totals, meanLoss: 3, [[1, 0], [1, 0]], [1, 1]);

        Assert.Equal(new PassResult(3, 0, 2), totals.Read());
    }

    [Fact]
    public void Read_WithoutABatch_IsTheCallersMistake()
    {
        using var totals = new RunningTotals(CPU);
        Assert.Throws<InvalidOperationException>(() => totals.Read());
        Add(totals, meanLoss: 1, [[1, 0]], [0]);
        totals.Reset();
        Assert.Throws<InvalidOperationException>(() => totals.Read());
    }

    [Fact]
    public void Loss_MayStillHaveItsGraph_AndTheTotalsDoNotKeepIt()
    {
        using var scope = NewDisposeScope();
        using var totals = new RunningTotals(CPU);
        var logits = zeros(2, 3, requires_grad: true);
        var labels = zeros(2, ScalarType.Int64);
        var loss = nn.functional.cross_entropy(logits, labels);
        totals.Add(loss, logits, labels);
        loss.backward();

        Assert.NotNull(logits.grad);
        Assert.Equal(Math.Log(3), totals.Read().MeanLoss, 1e-6);
    }

    [Fact]
    public void Totals_OutliveTheScopeTheyWereMadeIn_AndLeaveNothingBehind()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        RunningTotals totals;
        using (NewDisposeScope())
            totals = new RunningTotals(CPU);
        Add(totals, meanLoss: 1, [[1, 0]], [0]);
        totals.Read();
        totals.Reset();
        totals.Dispose();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static void Add(RunningTotals totals, float meanLoss, float[][] logits, long[] labels)
    {
        using var scope = NewDisposeScope();
        totals.Add(tensor(meanLoss), tensor(logits.SelectMany(row => row).ToArray()).reshape(logits.Length, -1), tensor(labels));
    }
}
