using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Advising;

/// <summary>One way of training in a group: a policy with its kernels and recipe, over its seeds.</summary>
internal sealed class Way
{
    private Way(string name, string recipe, List<AccuracyRun> runs, IReadOnlySet<string> remarkedRuns)
    {
        (Name, Recipe, First) = (name, recipe, runs[0].First);
        var timed = AccuracyGroups.Timed(runs);
        WithoutExtraction = !AccuracyGroups.FeaturesWerePaid(timed[0]);
        Points = [.. Enumerable.Range(1, runs.Min(run => run.Epochs.Count)).Select(epoch => new WayPoint
        {
            Way = this,
            Epoch = epoch,
            Rows = [.. runs.Select(run => run.Epochs[epoch - 1])],
            TimesS = timed.ToDictionary(run => run.First.Seed, run => run.Epochs.Take(epoch).Sum(row => row.TrainTimeS)),
            Disturbed = timed.SelectMany(run => run.Epochs.Take(epoch)).Any(row => row.IsDisturbed(remarkedRuns)),
        })];
    }

    /// <summary>The policy, numbered where there are several ways of it.</summary>
    internal string Name { get; }

    /// <summary>What tells it from other ways of the policy.</summary>
    internal string Recipe { get; }

    /// <summary>A row that tells what all of its rows do.</summary>
    internal AccuracyRow First { get; }

    internal bool WithoutExtraction { get; }

    /// <summary>After each epoch that every seed has; one or more.</summary>
    internal IReadOnlyList<WayPoint> Points { get; }

    /// <summary>The highest mean accuracy, the earliest of equals.</summary>
    internal WayPoint Best => Points.MaxBy(point => point.Accuracy)!;

    /// <summary>The ways of a group, in the order of the policies' table.</summary>
    internal static IReadOnlyList<Way> Of(IEnumerable<AccuracyRun> group, IReadOnlySet<string> remarkedRuns) =>
    [
        .. group.GroupBy(run => run.First.Policy).InPolicyOrder(policy => policy.Key).SelectMany(policy =>
        {
            var ways = policy.GroupBy(run => (run.First.Kernels, run.First.Head, run.Recipe)).Select(way => (Runs: AccuracyGroups.NewestOfEachSeed(way, remarkedRuns), Parts: Parts(way.Key.Kernels, way.Key.Head, way.Key.Recipe)))
                .OrderByDescending(way => way.Runs.Max(run => run.First.RunId), StringComparer.Ordinal).ThenBy(way => string.Join(", ", way.Parts), StringComparer.Ordinal).ToList();
            var common = ways.Select(way => way.Parts.AsEnumerable()).Aggregate((first, second) => first.Intersect(second)).ToHashSet();
            // Fast kernels and a head trained in steps go without saying, as everywhere.
            var numbered = ways.Count > 1 || ways[0].Runs[0].First is { Kernels: KernelKind.Plain } or { Head: not HeadKind.Sgd };
            return ways.Select((way, index) => new Way(
                numbered ? $"{policy.Key} #{Numbers.Count(index + 1)}" : policy.Key,
                numbered ? string.Join(", ", ways.Count > 1 ? way.Parts.Where(part => !common.Contains(part)) : way.Parts.Take(2)) : "", way.Runs, remarkedRuns));
        }),
    ];

    private static List<string> Parts(KernelKind kernels, HeadKind head, TrainingRecipe recipe) => [$"{kernels.Word()} kernels", $"head by {head.Word()}", .. recipe.Text.Split(", ")];
}
