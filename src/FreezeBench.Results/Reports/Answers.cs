using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Reports;

/// <summary>The question that the benchmark was made for, answered in one sentence for one environment.</summary>
/// <remarks>
/// Speed: of the first group of times (the richest) with a speed-up of frozen whose run was not disturbed; frozen-cached, whose
/// epoch goes without the extraction, is named with it. Accuracy: <see cref="TrainingComparison"/>.
/// </remarks>
internal static class Answers
{
    internal static string Of(IReadOnlyList<(CaseSettings Key, TimeGroup Group)> times, IReadOnlyList<AccuracyPart> accuracies, IReadOnlyList<DivergedRun> diverged) =>
        $"{Speed(times)}; {Accuracy(accuracies, diverged)}.";

    /// <summary>What ML.NET's own way came to, where nothing else was measured.</summary>
    internal static string Of(IEnumerable<MlNetGroup> groups) => string.Join("; ", groups.SelectMany(group => group.Ways.Where(way => way.NetworkImagesPerS is not null)
        .Select(way => $"{way.Name} makes {Numbers.Rate(way.FeatureImagesPerS!.Value)} images/s into features and has a test accuracy of {Numbers.Percent(way.TestAccuracy)} on {group.Settings}"))) + ".";

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

    private static string Accuracy(IReadOnlyList<AccuracyPart> accuracies, IReadOnlyList<DivergedRun> diverged) =>
        TrainingComparison.Best(accuracies.Select(TrainingComparison.Of).OfType<TrainingComparison>())?.AtEqualEpochs ?? $"accuracy: {TrainingComparison.WhyNot(accuracies, diverged)}";
}
