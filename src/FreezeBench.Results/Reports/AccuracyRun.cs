using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Reports;

/// <summary>One training run that ended as it was meant to.</summary>
/// <param name="Epochs">Its rows, epoch 1 first and none missing; one or more.</param>
/// <param name="Throttled">Whether the device's clocks were held down, between any two of its interruptions.</param>
/// <param name="End">Its last row of runs.csv; null where it has none.</param>
internal sealed record AccuracyRun(IReadOnlyList<AccuracyRow> Epochs, bool Throttled, RunRow? End)
{
    internal AccuracyRow First => Epochs[0];

    internal AccuracyRow Last => Epochs[^1];

    /// <summary>How a policy trained, beside what all policies share. Seeds of unlike recipes belong in no common mean.</summary>
    internal TrainingRecipe Recipe => new(
        First.Epochs, First.BaseLearningRateHead ?? First.LearningRateHead, First.BaseLearningRateBackbone ?? First.LearningRateBackbone,
        Last.BaseLearningRateHead, Last.BaseLearningRateBackbone, First.Momentum, First.WeightDecay, First.Deterministic, Last.LearningRateDecay, First.UnfreezeEvery);

    /// <summary>The runs that finished or reached their target: by their last row of runs.csv, and where it has none (its rows
    /// came later than accuracy.csv's), those with all epochs that they were asked for.</summary>
    internal static IEnumerable<AccuracyRun> Ended(IEnumerable<AccuracyRow> rows, IEnumerable<RunRow> ends)
    {
        // The last row of a run counts: one that was interrupted and resumed has one for each end.
        var status = new Dictionary<TrainingRunKey, RunRow>();
        var throttled = new HashSet<TrainingRunKey>();
        foreach (var end in ends)
        {
            status[TrainingRunKey.Of(end)] = end;
            if (end.Throttled == true)
                throttled.Add(TrainingRunKey.Of(end));
        }
        foreach (var group in rows.GroupBy(row => (Run: TrainingRunKey.Of(row), row.Classes)))
        {
            List<AccuracyRow> epochs = [.. group.GroupBy(row => row.Epoch).Select(same => same.Last()).OrderBy(row => row.Epoch)];
            var gapless = epochs[0].Epoch == 1 && epochs[^1].Epoch == epochs.Count;
            var ended = status.TryGetValue(group.Key.Run, out var known) ? known.Status is RunRow.Finished or RunRow.TargetReached : epochs.Count == epochs[0].Epochs;
            if (gapless && ended)
                yield return new AccuracyRun(epochs, throttled.Contains(group.Key.Run), known);
        }
    }
}

/// <summary>Epochs asked for, rates at the start and (as probe-then-tune changes them) at the end, and the rest of a recipe.</summary>
internal sealed record TrainingRecipe(
    int Epochs, double HeadRate, double BackboneRate, double? LastHeadRate, double? LastBackboneRate, double Momentum, double WeightDecay, bool Deterministic, double? RateDecay, int? UnfreezeEvery)
{
    /// <summary>The recipe in words, for a table of its own.</summary>
    internal string Text =>
        $"{Numbers.Count(Epochs)} epochs, learning rates {Rate(HeadRate)} (head) and {Rate(BackboneRate)} (backbone)"
        + (LastHeadRate is { } head && LastBackboneRate is { } backbone && (head != HeadRate || backbone != BackboneRate)
            ? $", later {Rate(head)} and {Rate(backbone)}" : "")
        + $", momentum {Rate(Momentum)}, weight decay {Rate(WeightDecay)}{(Deterministic ? "" : ", not deterministic")}"
        + (RateDecay is { } decay ? $", rates times {Rate(decay)} from stage to stage" : "") + (UnfreezeEvery is { } every ? $", a stage more every {Numbers.Count(every)} epochs" : "");

    // Two recipes that differ must read differently, so nothing is rounded.
    private static string Rate(double rate) => rate.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
