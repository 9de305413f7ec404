using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Reports;

/// <summary>The question that the benchmark was made for, answered in one sentence for one environment.</summary>
/// <remarks>
/// Speed: of the first group of times (the richest) with a speed-up of frozen whose run was not disturbed; frozen-cached, whose
/// epoch goes without the extraction, is named with it. Accuracy: fine-tune against frozen, or frozen-cached where frozen was not trained (its
/// features are the same); of pretrained weights and real images if there are such, then of the most classes, then of the
/// richest group. Bounds of the difference: Welch's from two seeds a side on, else those of two independent proportions.
/// </remarks>
internal static class Answers
{
    private const string Baseline = "fine-tune";

    private static readonly string[] frozenPolicies = ["frozen", "frozen-cached"];

    internal static string Of(IReadOnlyList<(CaseSettings Key, TimeGroup Group)> times, IReadOnlyList<AccuracyPart> accuracies, IReadOnlyList<DivergedRun> diverged) =>
        $"{Speed(times)}; {Accuracy(accuracies, diverged)}.";

    private static string Speed(IReadOnlyList<(CaseSettings Key, TimeGroup Group)> times)
    {
        var compared = times.Select(time => (time.Key, time.Group, Frozen: Compared(time.Group, "frozen"))).Where(time => time.Frozen.Count > 0).ToList();
        if (compared.Count == 0)
            return "speed: an epoch of frozen and one of fine-tune were not measured in one run here";
        var (key, group, frozen) = compared.Select(time => time with { Frozen = [.. time.Frozen.Where(policy => !policy.SpeedUp!.Origin.Disturbed)] })
            .FirstOrDefault(time => time.Frozen.Count > 0);
        if (frozen is null)
            return "speed: measured only while the machine had other work, which allows no conclusion";
        var sentence = $"frozen is {Faster(frozen[0].SpeedUp!)} per epoch than fine-tune{With(frozen[0])} at {key.ResolutionPx} px, batch {key.BatchSize}{Warning(frozen[0].SpeedUp!)}";
        foreach (var other in frozen.Skip(1))
            sentence += $", {Faster(other.SpeedUp!)}{With(other)}{Warning(other.SpeedUp!)}";
        if (Compared(group, "frozen-cached").FirstOrDefault(cached => cached.Kernels == frozen[0].Kernels && !cached.SpeedUp!.Origin.Disturbed) is { SpeedUp: { } speedUp } cached)
            sentence += $", frozen-cached {Faster(speedUp)}{(frozen.Count > 1 ? With(cached) : "")}{Warning(speedUp)}{Extraction(group, cached.Kernels)}";
        return sentence;

        // Fast kernels alone go without saying, as in the tables.
        string With(PolicyTimes policy) => policy.Kernels == KernelKind.Plain ? " with plain kernels" : frozen.Count > 1 ? " with fast ones" : "";
    }

    /// <summary>Rows of a policy that have a speed-up; plain kernels first, since they are what a user's own code costs.</summary>
    private static List<PolicyTimes> Compared(TimeGroup group, string policy) =>
        [.. group.Policies.Where(row => row.Policy == policy && row.SpeedUp is not null).OrderBy(row => row.Kernels != KernelKind.Plain)];

    private static string Extraction(TimeGroup group, KernelKind? kernels)
    {
        var extraction = group.Others.FirstOrDefault(other => other is { Policy: "frozen-cached", Phase: "feature_extraction" } && other.Kernels == kernels)?.TimeMs;
        return extraction is null
            ? " after a feature extraction that was not measured here"
            : $" after one feature extraction of {Numbers.Time(extraction.Value)}";
    }

    /// <summary>"7.8x (7.6 to 8.0) faster", turned round where it is slower.</summary>
    private static string Faster(Figure speedUp)
    {
        var slower = speedUp.Value < 1;
        var (value, lower, upper) = slower
            ? (1 / speedUp.Value, 1 / speedUp.Upper, 1 / speedUp.Lower)
            : (speedUp.Value, speedUp.Lower, speedUp.Upper);
        // Two digits: a third one would promise more than the drift between runs of a program allows.
        var decimals = Numbers.Decimals(value, 2);
        return $"{Numbers.Fixed(value, decimals)}x{Numbers.Bounds(lower, upper, decimals)} {(slower ? "slower" : "faster")}";
    }

    private static string Warning(Figure figure)
    {
        List<string> words = [];
        if (figure.Origin.Noise is NoiseVerdict.Noisy or NoiseVerdict.VeryNoisy)
            words.Add(figure.Origin.Noise == NoiseVerdict.Noisy ? "noisy samples" : "very noisy samples");
        if (figure.Lower is null)
            words.Add($"too few samples for bounds: n = {Numbers.Count(figure.Origin.Count)}");
        if (figure.Origin.Throttled)
            words.Add("throttled");
        if (figure.Origin.Dirty)
            words.Add("code not committed");
        return words.Count == 0 ? "" : $" ({string.Join(", ", words)})";
    }

    private static string Accuracy(IReadOnlyList<AccuracyPart> accuracies, IReadOnlyList<DivergedRun> diverged)
    {
        // Trained it was, and nobody is to take the other side's figure for an answer.
        string Lost(string otherwise) => diverged.Where(run => run.Policy == Baseline || frozenPolicies.Contains(run.Policy)).Select(run => run.Policy).Distinct().ToList() is { Count: > 0 } policies
            ? $"accuracy: no comparison, since {string.Join(" and ", policies)} diverged: its loss was no number any more" : otherwise;
        if (accuracies.Count == 0)
            return Lost("accuracy: not measured here");
        var part = accuracies.Where(part => Pair(part) is not null)
            .OrderByDescending(part => part.Key.Weights != "random").ThenByDescending(part => part.Key.Dataset != "synthetic")
            .ThenByDescending(part => part.Key.Classes).FirstOrDefault();
        if (part is null)
            return Lost("accuracy: frozen and fine-tune were not both trained on the same images here");
        var (policy, kernels) = Pair(part)!.Value;
        var (frozen, tuned) = (Policy(part, policy, kernels), Policy(part, Baseline, kernels));
        var (sentence, isClear) = Difference(part, policy, kernels);
        var after = frozen.Points.Count == tuned.Points.Count
            ? $"after {Epochs(frozen)}"
            : $"after {Epochs(frozen)}, and {Epochs(tuned)} of fine-tune,";
        var seeds = frozen.Seeds.Count == tuned.Seeds.Count
            ? $"n = {Numbers.Count(frozen.Seeds.Count)}"
            : $"n = {Numbers.Count(frozen.Seeds.Count)} and {Numbers.Count(tuned.Seeds.Count)}";
        var dirty = frozen.FinalAccuracy.Origin.Dirty || tuned.FinalAccuracy.Origin.Dirty ? "; code not committed" : "";
        return $"{after} {policy} has a test accuracy {sentence} on {part.Key.Dataset} with {Numbers.Count(part.Key.Classes)} classes at {Numbers.Count(part.Key.ResolutionPx)} px"
            + $"{(part.Key.Weights == "random" ? ", from random weights" : "")} ({seeds}{(isClear ? "" : "; the bounds include no difference")}{dirty})";
    }

    private static (string Sentence, bool IsClear) Difference(AccuracyPart part, string policy, KernelKind? kernels)
    {
        var (frozen, tuned) = (part.FinalAccuracies[new(policy, kernels)], part.FinalAccuracies[new(Baseline, kernels)]);
        var (frozenMean, tunedMean) = (frozen.Average(), tuned.Average());
        var bySeeds = frozen.Count >= 2 && tuned.Count >= 2;
        if (!bySeeds && (part.Key.TestTotal < 1 || frozenMean is not (>= 0 and <= 1) || tunedMean is not (>= 0 and <= 1)))
            return ($"{Numbers.Points(Math.Abs(frozenMean - tunedMean))} points {(frozenMean < tunedMean ? "lower" : "higher")}", false);
        var difference = bySeeds
            ? Mean.Difference(frozen, tuned)
            : Proportion.Difference(frozenMean, part.Key.TestTotal, tunedMean, part.Key.TestTotal);
        var (lower, upper) = (difference.Lower!.Value, difference.Upper!.Value);
        return difference.Value < 0
            ? ($"{Numbers.Points(-difference.Value)} points lower{Numbers.Bounds(-100 * upper, -100 * lower, 1)}", upper < 0)
            : ($"{Numbers.Points(difference.Value)} points higher{Numbers.Bounds(100 * lower, 100 * upper, 1)}", lower > 0);
    }

    private static string Epochs(PolicyAccuracy policy) => policy.Points.Count == 1 ? "1 epoch" : $"{Numbers.Count(policy.Points.Count)} epochs";

    /// <summary>The frozen policy that was trained beside fine-tune, and with which kernels: fast ones before plain ones, since both train the same.</summary>
    private static (string Policy, KernelKind? Kernels)? Pair(AccuracyPart part)
    {
        foreach (var kernels in part.FinalAccuracies.Keys.Where(name => name.Policy == Baseline).Select(name => name.Kernels).OrderBy(kernels => kernels == KernelKind.Plain))
        {
            if (frozenPolicies.FirstOrDefault(policy => part.FinalAccuracies.ContainsKey(new PolicyName(policy, kernels))) is { } policy)
                return (policy, kernels);
        }
        return null;
    }

    private static PolicyAccuracy Policy(AccuracyPart part, string name, KernelKind? kernels) =>
        part.Group.Policies.Single(policy => policy.Policy == name && policy.Kernels == kernels);
}
