using FreezeBench.Accuracy.Options;
using FreezeBench.Results;

namespace FreezeBench.Accuracy.Output;

/// <summary>What was made of a weights file.</summary>
internal static class WeightsText
{
    private const int MostNames = 5;

    /// <summary>A line for everything that is not as it usually is.</summary>
    public static IEnumerable<string> Lines(InitialWeights weights)
    {
        if (weights.File is not { } file)
            yield break;
        if (file.Key is { } key)
            yield return $"weights from the checkpoint's '{key}'{(file.OtherKeys is [] ? "" : $"; --weights-key takes another: {Names(file.OtherKeys)}")}";
        if (file.StrippedPrefix != "")
            yield return $"weights: names without '{file.StrippedPrefix}'";
        if (weights.Statistics?.MeanImage is not null)
            yield return "weights: trained on images in 0 .. 255 minus a mean image, and so are the images here";
        if (weights.Loaded is not { } loaded)
            yield break;
        if (loaded.Names is { } names)
            yield return $"weights: {names}";
        if (loaded.HeadClasses is null)
            yield return "weights: without a head; it starts fresh";
        if (loaded.Surplus is not [])
            yield return $"weights: left out, as the network does not need them ({loaded.Surplus.Count}): {Names(loaded.Surplus)}";
    }

    private static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNames).Select(name => $"'{ForeignText.Shown(name)}'")) + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");
}
