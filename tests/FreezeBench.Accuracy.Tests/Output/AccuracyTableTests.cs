using FreezeBench.Accuracy.Output;
using FreezeBench.Results.Rows;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Output;

public class AccuracyTableTests
{
    private static readonly string[] longest = ["probe-then-tune", "frozen-train-bn"];
    private static readonly int[] twoEpochs = [1, 300];

    [Fact]
    public void Seeds_BecomeMeanAndStandardDeviation_Epochs_TheFirstAndTheMedianOfTheOthers()
    {
        AccuracyRow[] rows =
        [
            .. from seed in Enumerable.Range(1, 3)
               from epoch in Enumerable.Range(1, 3)
               select MadeUp.Epoch("frozen", epoch < 3 ? 5 : 600 + (100 * seed), epoch: epoch, seed: seed, trainTimeS: (10 / epoch) + seed),
        ];

        // 70, 80 and 90 %; first epochs 11, 12, 13 s; later ones 6, 7, 8 and 4, 5, 6 s.
        Assert.Contains("frozen 10 3 3 80.0 ±10.0 % 0.750 12.00 6.00 -", Lines(rows));
    }

    [Fact]
    public void OneSeedAndOneEpoch_HaveNoSpread_AndNoLaterEpochs() =>
        Assert.Contains("frozen-train-bn 2 1 1 50.0 % 0.750 10.00 - 0.125", Lines([MadeUp.Epoch("frozen-train-bn", 500, 2) with { BatchNormDrift = 0.125 }]));

    [Fact]
    public void Target_HasTheMeanTime_OrHowManySeedsReachedIt()
    {
        AccuracyRow[] rows = [MadeUp.Epoch("fine-tune", 950), MadeUp.Epoch("fine-tune", 950, seed: 2), MadeUp.Epoch("frozen", 500), MadeUp.Epoch("from-layer1", 950), MadeUp.Epoch("from-layer1", 500, seed: 2)];
        RunRow[] ends =
        [
            MadeUp.End(rows[0], 0.9, 20), MadeUp.End(rows[1], 0.9, 31), MadeUp.End(rows[2], 0.9), MadeUp.End(rows[3], 0.9, 20), MadeUp.End(rows[4], 0.9),
        ];
        var lines = Lines(rows, ends);

        Assert.Contains(lines, line => line.EndsWith(" later s s to target", StringComparison.Ordinal));
        Assert.Contains("fine-tune 10 2 1 95.0 ±0.0 % 0.750 10.00 - 25.5", lines);
        Assert.Contains("frozen 10 1 1 50.0 % 0.750 10.00 - not reached", lines);
        Assert.Contains(lines, line => line.StartsWith("from-layer1 ", StringComparison.Ordinal) && line.EndsWith(" 1 of 2", StringComparison.Ordinal));
    }

    [Fact]
    public void LongestCells_FitInto80Columns_Whole()
    {
        AccuracyRow[] rows =
        [
            .. from policy in longest
               from seed in Enumerable.Range(1, 10)
               from epoch in twoEpochs
               select MadeUp.Epoch(policy, 1000 * (seed % 2), 1000, epoch, seed, 12345.6, epochs: 300) with { TestLoss = 12.345 },
        ];
        var lines = Lines(rows, [.. rows.Where(row => row.Epoch == 300).Select(row => MadeUp.End(row, 0.9))]);

        Assert.Contains("probe-then-tune 1000 10 300 50.0 ±52.7 % 12.345 12346 12346 not reached", lines);
    }

    [Fact]
    public void BothKernels_AreLinesOfTheirOwn()
    {
        AccuracyRow[] rows = [MadeUp.Epoch("fine-tune", 900, trainTimeS: 20) with { Kernels = KernelKind.Plain }, MadeUp.Epoch("fine-tune", 800), MadeUp.Epoch("probe-then-tune", 700) with { Kernels = KernelKind.Plain }];
        var lines = Lines(rows);

        Assert.Contains("fine-tune (plain) 10 1 1 90.0 % 0.750 20.00 - -", lines);
        Assert.Contains("fine-tune 10 1 1 80.0 % 0.750 10.00 - -", lines);
        Assert.Contains("probe-then-tune (plain) 10 1 1 70.0 % 0.750 10.00 - -", lines);
    }

    /// <summary>Every line within 80 columns, and its words with single spaces.</summary>
    private static List<string> Lines(AccuracyRow[] rows, RunRow[]? ends = null)
    {
        using var console = new TestConsole();
        AccuracyTable.Write(console, rows, ends ?? [.. rows.GroupBy(row => (row.Policy, row.Seed, row.Kernels)).Select(run => MadeUp.End(run.Last()))]);
        Assert.Equal(80, console.Profile.Width);
        Assert.All(console.Lines, line => Assert.True(line.TrimEnd().Length <= 80, line));
        return [.. console.Lines.Select(line => string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];
    }
}
