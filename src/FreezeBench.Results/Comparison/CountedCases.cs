using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Comparison;

/// <summary>Which cases a mean is made of.</summary>
internal static class CountedCases
{
    /// <summary>Whole epochs and steps where there are any: their parts would count the same work again, and those of microseconds as
    /// much as an epoch.</summary>
    /// <returns>The cases in their order, and what they are, in words.</returns>
    internal static (IReadOnlyList<T> Cases, string Over) Of<T>(IReadOnlyList<T> cases, Func<T, CaseSettings> settings)
    {
        T[] whole = [.. cases.Where(entry => settings(entry).IsWhole)];
        return whole.Length > 0 ? (whole, "shared workloads") : (cases, "shared parts of workloads");
    }
}
