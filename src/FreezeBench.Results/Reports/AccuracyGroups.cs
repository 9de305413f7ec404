using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Reports;

/// <summary>Sorts one environment's training runs into groups that differ in policy, kernels, seed and epochs alone.</summary>
/// <remarks>
/// Of several runs with the same policy, kernels, recipe and seed the newest counts. Seeds of unlike recipes (learning rates, weight
/// decay, epochs asked for) are never averaged: the table has each policy's newest recipe, and an older one has a table of
/// its own, whose settings name it. Times of all epochs and of the first are those of the runs that extracted their features, where
/// there are such runs: who found them on disk, from an earlier run, did not pay for them. Of all times those of undisturbed runs, where there are such.
/// </remarks>
/// <param name="environmentId">Environment of all rows.</param>
/// <param name="remarkedRuns">Runs whose times say nothing, by remarks.csv.</param>
/// <param name="classes">Rows of per-class.csv.</param>
internal sealed class AccuracyGroups(string environmentId, IReadOnlySet<string> remarkedRuns, IEnumerable<PerClassRow>? classes = null)
{
    private readonly ILookup<TrainingRunKey, PerClassRow> classes = (classes ?? []).ToLookup(TrainingRunKey.Of);

    /// <summary>The groups: those that allow a conclusion first, of these the one with the most policies, then by seeds, then by settings.</summary>
    internal IReadOnlyList<AccuracyPart> Of(IEnumerable<AccuracyRow> rows, IEnumerable<RunRow> ends)
    {
        List<(string Settings, AccuracyPart Part)> parts = [];
        var groups = AccuracyKey.Groups(AccuracyRun.Ended(rows, ends));
        var texts = AccuracyKey.TellingTexts([.. groups.Select(group => group.Key)]);
        foreach (var group in groups)
        {
            var settings = texts[group.Key];
            List<List<AccuracyRun>> table = [];
            foreach (var policy in group.GroupBy(run => (run.First.Policy, run.First.Kernels, run.First.Head)))
            {
                var recipes = policy.GroupBy(run => run.Recipe).Select(runs => NewestOfEachSeed(runs, remarkedRuns))
                    .OrderByDescending(runs => runs.Max(run => run.First.RunId), StringComparer.Ordinal)
                    .ThenBy(runs => runs[0].Recipe.Text, StringComparer.Ordinal).ToList();
                table.Add(recipes[0]);
                foreach (var older in recipes.Skip(1))
                    parts.Add(Part(group.Key, $"{settings}; {older[0].Recipe.Text}", [older]));
            }
            parts.Add(Part(group.Key, settings, table));
        }
        return
        [
            .. parts.Select(part => part.Part).OrderByDescending(part => TrainingComparison.Of(part) is not null)
                .ThenByDescending(part => part.Group.Policies.Count)
                .ThenByDescending(part => part.Group.Policies.Sum(policy => policy.Seeds.Count))
                .ThenByDescending(part => part.Key.Classes)
                .ThenBy(part => part.Group.Settings, StringComparer.Ordinal),
        ];

        (string, AccuracyPart) Part(AccuracyKey key, string settings, List<List<AccuracyRun>> policies) => (settings, new AccuracyPart(
            key,
            new AccuracyGroup
            {
                Settings = settings,
                Classes = key.Classes,
                Policies = [.. policies.Select(Policy).InPolicyOrder(policy => policy.Name())],
            },
            policies.ToDictionary(runs => new PolicyName(runs[0].First.Policy, runs[0].First.Kernels, runs[0].First.Head), ByEpoch)));
    }

    /// <summary>Seeds ascending.</summary>
    internal static List<AccuracyRun> NewestOfEachSeed(IEnumerable<AccuracyRun> runs, IReadOnlySet<string> remarkedRuns) =>
    [
        .. runs.GroupBy(run => run.First.Seed).OrderBy(seed => seed.Key)
            // Features from disk, and other work on the machine, give the same bits and other times.
            .Select(seed => seed.OrderBy(FeaturesWerePaid).ThenByDescending(run => IsDisturbed(run, remarkedRuns)).ThenBy(run => run.First.RunId, StringComparer.Ordinal).Last()),
    ];

    /// <summary>Whether the run's times have an extraction in them, if it needed one: features that an earlier run had left on disk cost nothing.</summary>
    internal static bool FeaturesWerePaid(AccuracyRun run) => run.First.FeatureCache != AccuracyRow.FeaturesFromDisk;

    /// <summary>Whether other work ran beside any of its epochs.</summary>
    internal static bool IsDisturbed(AccuracyRun run, IReadOnlySet<string> remarkedRuns) => run.Epochs.Any(row => row.IsDisturbed(remarkedRuns));

    internal static List<AccuracyRun> Timed(List<AccuracyRun> runs) => runs.Where(FeaturesWerePaid).ToList() is { Count: > 0 } paid ? paid : runs;

    /// <summary>Accuracies of all seeds after each epoch that every seed has.</summary>
    private static IReadOnlyList<IReadOnlyList<double>> ByEpoch(List<AccuracyRun> runs) =>
        [.. Enumerable.Range(0, runs.Min(run => run.Epochs.Count)).Select(epoch => (IReadOnlyList<double>)[.. runs.Select(run => run.Epochs[epoch].TestAccuracyFraction)])];

    private static IEnumerable<AccuracyRow> LastOfAll(List<AccuracyRun> runs)
    {
        var common = runs.Min(run => run.Epochs.Count);
        return runs.Select(run => run.Epochs[common - 1]);
    }

    private PolicyAccuracy Policy(List<AccuracyRun> runs)
    {
        var (timed, quiet) = (Undisturbed(Timed(runs)), Undisturbed(runs));
        var (accuracies, times, steady) = (OriginOf(runs, areTimes: false), OriginOf(timed, areTimes: true), OriginOf(quiet, areTimes: true));
        var later = quiet.Where(run => run.Epochs.Count > 1).Select(run => run.Epochs.Skip(1).Average(row => row.TrainTimeS)).ToList();
        var energies = quiet.ConvertAll(run => RunEnergy.Of(run.Epochs));
        var energyIsKnown = energies.All(energy => energy.Joules is not null && energy.Source == energies[0].Source);
        var targets = runs.Select(run => run.End?.TargetAccuracyFraction).Distinct().ToList();
        var target = targets.Count == 1 ? targets[0] : null;
        return new PolicyAccuracy
        {
            Policy = runs[0].First.Policy,
            Kernels = runs[0].First.Kernels,
            Head = runs[0].First.Head,
            Seeds = [.. runs.Select(run => run.First.Seed)],
            Points = Points(runs),
            FinalAccuracy = CaseFigures.Of(Accuracy([.. LastOfAll(runs)]), accuracies),
            Top5Accuracy = Share(runs, row => row.TestTop5AccuracyFraction, row => row.TestTop5Correct, accuracies),
            BalancedAccuracy = Share(runs, row => row.TestBalancedAccuracyFraction, _ => null, accuracies),
            ClassAccuracies = Classes(runs),
            TrainTimeS = CaseFigures.Of(Mean.Of([.. timed.Select(run => run.Epochs.Sum(row => row.TrainTimeS))]), times),
            FirstEpochS = CaseFigures.Of(Mean.Of([.. timed.Select(run => run.First.TrainTimeS)]), times),
            TargetAccuracy = target,
            TargetTimeS = target is null || runs.Any(run => run.End?.TargetTrainTimeS is null) ? null : CaseFigures.Of(Mean.Of([.. timed.Select(run => run.End!.TargetTrainTimeS!.Value)]), times),
            LaterEpochS = later.Count > 0 ? CaseFigures.Of(Mean.Of(later), steady) : null,
            EpochEnergyJ = energyIsKnown ? CaseFigures.Of(Mean.Of([.. quiet.Zip(energies, (run, energy) => energy.Joules!.Value / run.Epochs.Count)]), steady) : null,
            EnergySource = energyIsKnown ? energies[0].Source : null,
        };
    }

    private static Figure? Share(List<AccuracyRun> runs, Func<AccuracyRow, double?> share, Func<AccuracyRow, int?> correct, Origin origin)
    {
        List<AccuracyRow> last = [.. LastOfAll(runs)];
        if (last.Select(share).ToList() is var shares && shares.Contains(null))
            return null;
        if (last is [var only] && correct(only) is { } count && count >= 0 && count <= only.TestTotal && only.TestTotal > 0)
            return CaseFigures.Of(Proportion.Wilson(count, only.TestTotal) with { Value = share(only)!.Value }, origin);
        var mean = Mean.Of([.. shares.Select(one => one!.Value)]);
        return CaseFigures.Of(mean with { Lower = mean.Lower is { } lower ? Math.Max(0, lower) : null, Upper = mean.Upper is { } upper ? Math.Min(1, upper) : null }, origin);
    }

    private List<ClassAccuracy> Classes(List<AccuracyRun> runs)
    {
        var seeds = runs.ConvertAll(run => classes[TrainingRunKey.Of(run.First)].OrderBy(row => row.Label).ToList());
        return seeds.TrueForAll(rows => rows.Count > 0 && rows.Count == seeds[0].Count)
            ? [.. seeds[0].Select((row, place) => new ClassAccuracy(row.ClassName, row.TrainImages, row.TestImages,
                seeds.All(rows => rows[place].TestImages > 0) ? seeds.Average(rows => (double)rows[place].TestCorrect / rows[place].TestImages) : null))]
            : [];
    }

    /// <summary>Of one seed with Wilson's interval for the test images, of several with Student's for the seeds; the latter is cut at 0 and 1,
    /// which no accuracy leaves.</summary>
    internal static BoundedEstimate Accuracy(List<AccuracyRow> rows)
    {
        if (rows is [var only])
        {
            return only.TestTotal > 0 && only.TestCorrect >= 0 && only.TestCorrect <= only.TestTotal
                ? Proportion.Wilson(only.TestCorrect, only.TestTotal) with { Value = only.TestAccuracyFraction }
                : new BoundedEstimate(only.TestAccuracyFraction, null, null, 0.95);
        }
        var mean = Mean.Of([.. rows.Select(row => row.TestAccuracyFraction)]);
        return mean with { Lower = Math.Max(0, mean.Lower!.Value), Upper = Math.Min(1, mean.Upper!.Value) };
    }

    private List<AccuracyRun> Undisturbed(List<AccuracyRun> runs) => runs.FindAll(run => !IsDisturbed(run, remarkedRuns)) is { Count: > 0 } quiet ? quiet : runs;

    private List<EpochPoint> Points(List<AccuracyRun> runs)
    {
        List<EpochPoint> points = [];
        var timed = Undisturbed(Timed(runs));
        var elapsed = 0.0;
        for (var epoch = 1; epoch <= runs.Min(run => run.Epochs.Count); epoch++)
        {
            var rows = runs.Select(run => run.Epochs[epoch - 1]).ToList();
            elapsed += timed.Average(run => run.Epochs[epoch - 1].TrainTimeS);
            var accuracies = rows.Select(row => row.TestAccuracyFraction).ToList();
            points.Add(new EpochPoint(epoch, accuracies.Average(), accuracies.Min(), accuracies.Max(), elapsed));
        }
        return points;
    }

    private Origin OriginOf(List<AccuracyRun> runs, bool areTimes)
    {
        var rows = runs.SelectMany(run => run.Epochs).ToList();
        return new Origin
        {
            EnvironmentId = environmentId,
            RunIds = [.. rows.Select(row => row.RunId).Distinct().Order(StringComparer.Ordinal)],
            Commits = [.. rows.Select(row => row.Commit).Distinct().Order(StringComparer.Ordinal)],
            Date = DateOnly.FromDateTime(rows.Max(row => row.UtcTime).UtcDateTime),
            Count = runs.Count,
            Noise = NoiseVerdict.Unknown,
            // Heat makes a run slower, not another one.
            Throttled = areTimes && runs.Any(run => run.Throttled),
            Disturbed = areTimes && runs.Any(run => IsDisturbed(run, remarkedRuns)),
            Dirty = rows.Any(row => row.Dirty != false),
        };
    }
}
