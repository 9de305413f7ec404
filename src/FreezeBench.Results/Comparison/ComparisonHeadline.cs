using System.Globalization;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Comparison;

/// <summary>What a comparison is of, and its answer in one sentence.</summary>
public static class ComparisonHeadline
{
    /// <summary>Which comparison it is: the first line of every text.</summary>
    public static string Of(ResultComparison comparison) => comparison.Kind switch
    {
        ComparisonKind.Machines => $"Two machines: {Sides(comparison)}.",
        ComparisonKind.Frameworks => $"Two frameworks on one machine, {comparison.Where}: {Sides(comparison)}.",
        ComparisonKind.Setups => $"One machine, two set-ups, {comparison.Where}: {comparison.BaseName} (BASE) and {comparison.DiffName} (DIFF).",
        _ when comparison.BaseName == comparison.DiffName => $"One commit measured twice on {Place(comparison)}: {comparison.BaseName}.",
        _ => $"Two commits on {Place(comparison)}: {comparison.BaseName} (BASE) and {comparison.DiffName} (DIFF).",
    };

    private static string Sides(ResultComparison comparison) => $"{comparison.BaseName}{On(comparison.BaseLibtorch)} (BASE) and {comparison.DiffName}{On(comparison.DiffLibtorch)} (DIFF)";

    private static string On(string? libtorch) => libtorch is null ? "" : $", libtorch {(libtorch.Length == 0 ? Machine.Unknown.Text : libtorch)}";

    private static string Place(ResultComparison comparison) => comparison.MachineCount == 1 ? $"one machine, {comparison.Where}" : string.Create(CultureInfo.InvariantCulture, $"{comparison.MachineCount} machines");

    /// <summary>The geometric mean in words; null where no case counts.</summary>
    public static string? Answer(ResultComparison comparison)
    {
        if (comparison.Overall is not { } overall)
            return null;
        var (ratio, sides) = (overall.Ratio, comparison.Kind is ComparisonKind.Commits or ComparisonKind.Setups);
        var (first, second) = sides ? ("BASE", "DIFF") : (comparison.BaseName, comparison.DiffName);
        var answer = ratio switch
        {
            { Upper: < 1 } => $"{second} is {ComparisonText.Bounded(Inverse(ratio))} as fast as {first}",
            { Lower: > 1 } => $"{first} is {ComparisonText.Bounded(ratio)} as fast as {second}",
            { Lower: null } => $"{second} takes {ComparisonText.Bounded(ratio)} the time of {first}, without bounds",
            _ => $"{second} takes {ComparisonText.Bounded(ratio)} the time of {first}: neither is shown to be faster",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{answer}. Geometric mean over {overall.Cases.Count} {overall.Over}, bounds at {ComparisonText.Percent(ratio.Confidence)}.");
    }

    private static BoundedEstimate Inverse(BoundedEstimate ratio) => ratio with { Value = 1 / ratio.Value, Lower = 1 / ratio.Upper, Upper = 1 / ratio.Lower };
}
