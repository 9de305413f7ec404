using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Reports;

/// <summary>What the runs of one table of accuracies share: the same images, the same start, the same way of training.</summary>
internal sealed record AccuracyKey(
    string Dataset, string DataHash, string Backbone, string Weights, string WeightsSha256, int Classes, string ClassSelection, int ResolutionPx,
    int TrainTotal, int TestTotal, int BatchSize, string Optimizer, string Schedule, string Augmentation, double? LabelSmoothing, string Precision,
    string MemoryFormat, int Threads, string Device, int? Shots)
{
    internal static AccuracyKey Of(AccuracyRow row) => new(
        // Each seed draws its own few images of one set.
        row.Dataset, row.Shots is null ? row.DataHash : "drawn", row.Backbone, row.Weights, row.WeightsSha256, row.Classes, row.ClassSelection, row.ResolutionPx,
        row.TrainTotal, row.TestTotal, row.BatchSize, row.Optimizer, row.Schedule, row.Augmentation, row.LabelSmoothing, row.Precision,
        row.MemoryFormat, row.Threads, row.Device, row.Shots);

    /// <summary>The same for whoever takes no steps, and stands beside all who take some.</summary>
    internal AccuracyKey WithoutSteps => this with { BatchSize = 0, Optimizer = "", Schedule = "", Augmentation = "", LabelSmoothing = null };

    /// <summary>The runs of each table.</summary>
    internal static IReadOnlyList<IGrouping<AccuracyKey, AccuracyRun>> Groups(IEnumerable<AccuracyRun> ended)
    {
        List<AccuracyRun> runs = [.. ended];
        var drawn = DrawnImages(runs);
        // A head that is found once stands beside those of the same images that are trained in steps, the largest table of them.
        var inSteps = runs.Where(run => run.First.Head == HeadKind.Sgd).CountBy(Key).OrderByDescending(key => key.Value).ToLookup(key => key.Key.WithoutSteps, key => key.Key);
        return [.. runs.GroupBy(run => Key(run) is var key && run.First.Head != HeadKind.Sgd ? inSteps[key.WithoutSteps].FirstOrDefault(key) : key)];

        AccuracyKey Key(AccuracyRun run) => Of(run.First) is var key && drawn.TryGetValue(key.DataHash, out var one) ? key with { DataHash = one } : key;
    }

    /// <summary>One name for the hashes of images that seeds drew from the same set, as they do under --train-limit and --test-limit.</summary>
    /// <remarks>No column tells the limits. But where the seeds of one invocation have unlike images, all else equal, they drew them; invocations that share a hash drew from one set.</remarks>
    private static Dictionary<string, string> DrawnImages(IEnumerable<AccuracyRun> runs)
    {
        Dictionary<string, string> names = [];
        foreach (var invocation in runs.GroupBy(run => (run.First.RunId, Key: Of(run.First) with { DataHash = "" })))
        {
            var hashes = invocation.Select(run => run.First.DataHash).Distinct().ToList();
            if (hashes.Count == 1 || invocation.Select(run => (run.First.Seed, run.First.DataHash)).Distinct().CountBy(one => one.Seed).Any(seed => seed.Value > 1))
                continue;
            var joined = hashes.Select(hash => names.GetValueOrDefault(hash, hash)).ToHashSet();
            var name = $"{DrawnBySeed}{joined.Select(one => one.Replace(DrawnBySeed, "", StringComparison.Ordinal)).Order(StringComparer.Ordinal).First()}";
            foreach (var hash in hashes.Concat(names.Where(known => joined.Contains(known.Value)).Select(known => known.Key)).ToList())
                names[hash] = name;
        }
        return names;
    }

    /// <summary>The settings in one line. Keys that differ in a hash alone have the same line; see <see cref="TellingTexts"/>.</summary>
    internal string Text
    {
        get
        {
            List<string> parts =
            [
                Dataset,
                $"{Numbers.Count(Classes)} classes{(int.TryParse(ClassSelection, out _) || ClassSelection is "all" or Unknown ? "" : $" ({ClassSelection})")}",
                $"{Numbers.Count(ResolutionPx)} px",
                Backbone,
                Weights == "random" ? "random weights" : $"weights {Weights}",
                $"{Numbers.Count(TrainTotal)} training and {Numbers.Count(TestTotal)} test images",
                $"batch {Numbers.Count(BatchSize)}",
                Schedule == Unknown ? Optimizer : $"{Optimizer} with {Schedule} schedule",
            ];
            if (Shots is { } shots)
                parts.Insert(6, $"{Numbers.Count(shots)} of each class drawn by the seed");
            else if (DataHash.StartsWith(DrawnBySeed, StringComparison.Ordinal))
                parts.Insert(6, "drawn by the seed");
            if (Augmentation is not ("none" or Unknown))
                parts.Add($"augmentation {Augmentation}");
            if (LabelSmoothing is > 0 and { } smoothing)
                parts.Add($"label smoothing {Numbers.Significant(smoothing)}");
            parts.AddRange([Precision, MemoryFormat, $"{Numbers.Count(Threads)} threads", Device]);
            return string.Join(", ", parts);
        }
    }

    /// <summary>A text for each key that no other of them has.</summary>
    /// <param name="keys">All different.</param>
    internal static IReadOnlyDictionary<AccuracyKey, string> TellingTexts(IReadOnlyList<AccuracyKey> keys)
    {
        var texts = keys.CountBy(key => key.Text).ToDictionary();
        return keys.ToDictionary(key => key, key => texts[key.Text] == 1 ? key.Text : $"{key.Text}, {key.Hashes}");
    }

    /// <summary>What tells keys of one text apart.</summary>
    private string Hashes => $"images {Short(DataHash.Replace(DrawnBySeed, "", StringComparison.Ordinal))}, weights {Short(WeightsSha256)}, class selection {ClassSelection}";

    private const string DrawnBySeed = "drawn ";

    private const string Unknown = Machine.Unknown.Text;

    private static string Short(string hash) => hash.Length > 10 ? hash[..10] : hash;
}
