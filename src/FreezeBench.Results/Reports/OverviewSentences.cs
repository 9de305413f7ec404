using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Reports;

/// <summary>What freezing costs and buys, over all machines of the first screen.</summary>
internal static class OverviewSentences
{
    /// <summary>How much faster an epoch of frozen is, with each kind of kernels; null where no machine measured both epochs in one run undisturbed.</summary>
    internal static string? Cost(IReadOnlyList<MachineRow> machines)
    {
        List<string> parts = [.. new[] { KernelKind.Plain, KernelKind.Fast }.Select(kernels => Cost(machines, kernels)).OfType<string>()];
        return parts.Count == 0 ? null : $"Freezing the backbone makes an epoch {string.Join(" and ", parts)}{Cached(machines)}.";
    }

    /// <summary>Accuracy at equal epochs; that there is none, and why, where none allows a conclusion.</summary>
    internal static string Gain(TrainingComparison? best, IReadOnlyList<EnvironmentPart> parts) =>
        Overviews.Sentence(best?.AtEqualEpochs ?? $"what it costs in accuracy is not known: {TrainingComparison.WhyNot([.. parts.SelectMany(part => part.Accuracies)], parts.SelectMany(part => part.Report.DivergedRuns))}");

    private static string? Cost(IReadOnlyList<MachineRow> machines, KernelKind kernels)
    {
        List<Figure> speedUps = [.. SpeedUps(machines, "frozen", kernels)];
        if (speedUps.Count == 0)
            return null;
        var words = kernels == KernelKind.Plain ? "with plain layers" : "with FreezeBench's fast layers";
        if (speedUps.Count == 1)
            return $"{Rounded(speedUps[0])} faster {words} (n = {Numbers.Count(speedUps[0].Origin.Count)})";
        var (least, most) = (speedUps.MinBy(figure => figure.Value)!, speedUps.MaxBy(figure => figure.Value)!);
        return $"{Rounded(least)} to {Rounded(most)} faster {words} on {Numbers.Count(speedUps.Count)} machines";
    }

    private static string Cached(IReadOnlyList<MachineRow> machines)
    {
        List<double> values = [.. new[] { KernelKind.Plain, KernelKind.Fast }.SelectMany(kernels => SpeedUps(machines, "frozen-cached", kernels)).Select(figure => figure.Value)];
        return values.Count == 0 ? "" : $"; with features computed once, {Numbers.Significant(values.Min(), 2)}x{(values.Count == 1 ? "" : $" to {Numbers.Significant(values.Max(), 2)}x")}, that computation apart";
    }

    private static IEnumerable<Figure> SpeedUps(IReadOnlyList<MachineRow> machines, string policy, KernelKind kernels) =>
        machines.Select(machine => machine.Of(policy, kernels)?.SpeedUp).OfType<Figure>().Where(figure => !figure.Origin.Disturbed);

    // Two digits: a third one would promise more than the drift between runs of a program allows.
    private static string Rounded(Figure figure)
    {
        var decimals = Numbers.Decimals(figure.Value, 2);
        return $"{Numbers.Fixed(figure.Value, decimals)}x{Numbers.Bounds(figure.Lower, figure.Upper, decimals)}";
    }
}
