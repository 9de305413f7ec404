using FreezeBench.Results.Rows;

namespace FreezeBench.Accuracy.Tests;

/// <summary>What must be equal to the last digit between two runs of one seed: everything but clock and run id.</summary>
internal static class Learned
{
    internal static object Of(AccuracyRow row) =>
        (row.Policy, row.PolicyInForce, row.ClassSelection, row.Seed, row.Epoch, row.DataHash, (row.TrainLoss, row.TrainCorrect, row.TrainTotal, row.TestLoss, row.TestCorrect, row.TestTotal),
            (row.BatchNormDrift, row.LearningRateHead, row.LearningRateBackbone));

    internal static object Of(RunRow row) => (row.Policy, row.ClassSelection, row.Seed, row.Status, row.EpochsDone, row.DataHash, row.TestAccuracyFraction, row.FinalWeightsSha256);

    /// <summary>All epochs and ends of runs, in an order of their own.</summary>
    internal static IEnumerable<object> All(IEnumerable<AccuracyRow> rows, IEnumerable<RunRow> ends) =>
    [
        .. rows.OrderBy(row => row.Policy, StringComparer.Ordinal).ThenBy(row => row.ClassSelection, StringComparer.Ordinal).ThenBy(row => row.Seed).ThenBy(row => row.Epoch).Select(Of),
        .. ends.Where(row => row.Status != RunRow.Interrupted).OrderBy(row => row.Policy, StringComparer.Ordinal).ThenBy(row => row.ClassSelection, StringComparer.Ordinal).ThenBy(row => row.Seed)
            .Select(Of),
    ];
}
