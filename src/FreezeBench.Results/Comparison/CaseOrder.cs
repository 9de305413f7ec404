namespace FreezeBench.Results.Comparison;

/// <summary>The order of a comparison's cases.</summary>
internal static class CaseOrder
{
    /// <summary>By suite, then verdict, then size of the change.</summary>
    internal static IReadOnlyList<CaseComparison> WorstFirst(IEnumerable<CaseComparison> cases) =>
    [
        .. cases.OrderBy(comparison => comparison.Settings.Suite, StringComparer.Ordinal).ThenBy(comparison => comparison.Verdict)
            .ThenByDescending(comparison => Math.Abs(Math.Log(comparison.Ratio?.Value ?? 1)))
            .ThenBy(comparison => comparison.Settings.Key, StringComparer.Ordinal),
    ];
}
