using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Reports;

/// <summary>Sets what ML.NET came to on one machine beside our own features of the same images.</summary>
internal static class MlNetGroups
{
    /// <summary>A group for each set of images, by its settings.</summary>
    /// <param name="rounds">Rounds of ML.NET in one environment.</param>
    /// <param name="machine">All folders of the machine.</param>
    internal static IReadOnlyList<MlNetGroup> Of(IEnumerable<MlNetRow> rounds, IReadOnlyList<EnvironmentResults> machine)
    {
        var disturbed = Disturbance.RemarkedRuns(machine.SelectMany(folder => folder.Remarks));
        var ours = machine.SelectMany(folder => AccuracyRun.Ended(folder.Epochs, folder.Runs)).Where(run => run.First.Policy == "frozen-cached").ToLookup(run => run.First.DataHash);
        return
        [
            .. rounds.GroupBy(row => (row.DataHash, Text: $"{row.Dataset}, {Numbers.Count(row.Classes)} classes, {Numbers.Count(row.TrainTotal)} training and {Numbers.Count(row.TestTotal)} test images"))
                .OrderBy(images => images.Key.Text, StringComparer.Ordinal).Select(images => new MlNetGroup
                {
                    Settings = images.Key.Text,
                    Ways =
                    [
                        .. images.GroupBy(row => (row.Trainer, Network: Network(row), row.Threads)).OrderBy(way => way.Key.Trainer, StringComparer.Ordinal).ThenBy(way => way.Key.Network, StringComparer.Ordinal).ThenBy(way => way.Key.Threads)
                            .Select(way => OfMlNet([.. way.GroupBy(row => row.RunId).MaxBy(run => run.Key, StringComparer.Ordinal)!], disturbed)),
                        .. ours[images.Key.DataHash].GroupBy(run => (Name: new PolicyName(run.First.Policy, run.First.Kernels, run.First.Head), Network: Network(run.First), run.First.Threads)).InPolicyOrder(way => way.Key.Name)
                            .ThenBy(way => way.Key.Network, StringComparer.Ordinal).ThenBy(way => way.Key.Threads)
                            .Select(way => OfOurs($"{way.Key.Name}", AccuracyGroups.NewestOfEachSeed(way.GroupBy(run => run.Recipe).MaxBy(recipe => recipe.Max(run => run.First.RunId), StringComparer.Ordinal)!, disturbed), disturbed)),
                    ],
                }),
        ];
    }

    private static MlNetFigures OfMlNet(List<MlNetRow> rounds, IReadOnlySet<string> disturbed)
    {
        var times = OriginOf(rounds, rounds.Count, disturbed);
        var middle = rounds.OrderBy(row => row.TestCorrect).ElementAt(rounds.Count / 2);
        return new MlNetFigures
        {
            Name = $"ML.NET, {rounds[0].Trainer}",
            Network = Network(rounds[0]),
            FeatureImagesPerS = CaseFigures.Of(Mean.Of([.. rounds.Select(row => row.FeatureImagesPerS)]), times),
            NetworkImagesPerS = CaseFigures.Of(Mean.Of([.. rounds.Select(row => row.NetworkImagesPerS)]), times),
            TrainTimeS = CaseFigures.Of(Mean.Of([.. rounds.Select(row => row.TrainTimeS)]), times),
            // Rounds see the same test images: what they do not tell is how it would do on others.
            TestAccuracy = CaseFigures.Of(Proportion.Wilson(middle.TestCorrect, middle.TestTotal), times with { Disturbed = false }),
        };
    }

    private static MlNetFigures OfOurs(string name, List<AccuracyRun> runs, IReadOnlySet<string> disturbed)
    {
        var times = OriginOf([.. runs.SelectMany(run => run.Epochs)], runs.Count, disturbed);
        var extracted = runs.Where(run => AccuracyGroups.FeaturesWerePaid(run) && run.First.FeatureExtractionTimeS > 0).ToList();
        return new MlNetFigures
        {
            Name = name,
            Network = Network(runs[0].First),
            FeatureImagesPerS = extracted.Count == 0 ? null : CaseFigures.Of(Mean.Of([.. extracted.Select(run => run.First.TrainTotal / run.First.FeatureExtractionTimeS!.Value)]), times),
            NetworkImagesPerS = null,
            TrainTimeS = CaseFigures.Of(Mean.Of([.. runs.Select(run => run.Epochs.Sum(row => row.TrainTimeS - (row.FeatureExtractionTimeS ?? 0)))]), times),
            TestAccuracy = CaseFigures.Of(AccuracyGroups.Accuracy([.. runs.Select(run => run.Last)]), times with { Disturbed = false }),
        };
    }

    private static string Network(LearntRow row) => $"{row.Backbone}, {row.Weights}, {Numbers.Count(row.ResolutionPx)} px";

    private static Origin OriginOf<TRow>(List<TRow> rows, int count, IReadOnlySet<string> disturbed) where TRow : LearntRow, IMeasuredRow => new()
    {
        EnvironmentId = rows[0].EnvironmentId,
        RunIds = [.. rows.Select(row => row.RunId).Distinct().Order(StringComparer.Ordinal)],
        Commits = [.. rows.Select(row => row.Commit).Distinct().Order(StringComparer.Ordinal)],
        Date = DateOnly.FromDateTime(rows.Max(row => row.UtcTime).UtcDateTime),
        Count = count,
        Noise = NoiseVerdict.Unknown,
        Throttled = false,
        Disturbed = rows.Any(row => row.IsDisturbed(disturbed)),
        Dirty = rows.Any(row => row.Dirty != false),
    };
}
