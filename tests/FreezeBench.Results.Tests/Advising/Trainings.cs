using FreezeBench.Results.Advising;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Tests.Reports;

namespace FreezeBench.Results.Tests.Advising;

/// <summary>Trainings whose advice can be computed by hand: 1,000 test images, accuracies in per mille.</summary>
internal static class Trainings
{
    /// <summary>The epochs of one run, each of so many seconds.</summary>
    internal static AccuracyRow[] Of(string policy, int seed, double seconds, params int[] correct) =>
        [.. MadeUp.Training(policy, seed, correct).Select(row => row with { TrainTimeS = seconds, TestLoss = 1 + (row.TestCorrect / 1000.0) })];

    internal static Advice Advice(IEnumerable<AccuracyRow> rows, AdviceOptions? options = null, IEnumerable<RunRow>? ends = null, IEnumerable<RemarkRow>? remarks = null) =>
        Advisor.Of(MadeUp.Set(MadeUp.Environment(epochs: rows, runs: ends, remarks: remarks)), options ?? new AdviceOptions());
}
