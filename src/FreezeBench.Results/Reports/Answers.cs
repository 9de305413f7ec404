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

    internal static string Of(IReadOnlyList<(TimeKey Key, TimeGroup Group)> times, IReadOnlyList<AccuracyPart> accuracies) =>
        $"{Speed(times)}; {Accuracy(accuracies)}.";

    private static string Speed(IReadOnlyList<(TimeKey Key, TimeGroup Group)> times)
    {
        var compared = times.Select(time => (time.Key, time.Group, Frozen: Policy(time.Group, "frozen")))
            .Where(time => time.Frozen?.SpeedUp is not null).ToList();
        if (compared.Count == 0)
            return "speed: an epoch of frozen and one of fine-tune were not measured in one run here";
        var (key, group, frozen) = compared.FirstOrDefault(time => !time.Frozen!.SpeedUp!.Origin.Disturbed);
        if (frozen is null)
            return "speed: measured only while the machine had other work, which allows no conclusion";
        var sentence = $"frozen is {Faster(frozen.SpeedUp!)} per epoch than fine-tune at {key.ResolutionPx} px, batch {key.BatchSize}{Warning(frozen.SpeedUp!)}";
        if (Policy(group, "frozen-cached") is { SpeedUp: { Origin.Disturbed: false } cached })
            sentence += $", frozen-cached {Faster(cached)}{Warning(cached)}{Extraction(group)}";
        return sentence;
    }

    private static string Extraction(TimeGroup group)
    {
        var extraction = group.Others.FirstOrDefault(other => other is { Policy: "frozen-cached", Phase: "feature_extraction" }).TimeMs;
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

    private static string Accuracy(IReadOnlyList<AccuracyPart> accuracies)
    {
        if (accuracies.Count == 0)
            return "accuracy: not measured here";
        var part = accuracies.Where(part => part.FinalAccuracies.ContainsKey(Baseline) && FrozenOf(part) is not null)
            .OrderByDescending(part => part.Key.Weights != "random").ThenByDescending(part => part.Key.Dataset != "synthetic")
            .ThenByDescending(part => part.Key.Classes).FirstOrDefault();
        if (part is null)
            return "accuracy: frozen and fine-tune were not both trained on the same images here";

        var policy = FrozenOf(part)!;
        var (frozen, tuned) = (Policy(part, policy), Policy(part, Baseline));
        var (sentence, isClear) = Difference(part, policy);
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

    private static (string Sentence, bool IsClear) Difference(AccuracyPart part, string policy)
    {
        var (frozen, tuned) = (part.FinalAccuracies[policy], part.FinalAccuracies[Baseline]);
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

    private static string? FrozenOf(AccuracyPart part) =>
        part.FinalAccuracies.ContainsKey("frozen") ? "frozen" : part.FinalAccuracies.ContainsKey("frozen-cached") ? "frozen-cached" : null;

    private static PolicyTimes? Policy(TimeGroup group, string name) => group.Policies.FirstOrDefault(policy => policy.Policy == name);

    private static PolicyAccuracy Policy(AccuracyPart part, string name) => part.Group.Policies.Single(policy => policy.Policy == name);
}
