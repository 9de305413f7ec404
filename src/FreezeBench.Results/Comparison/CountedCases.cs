using FreezeBench.Results.Rows;
using FreezeBench.Results.Workloads;

namespace FreezeBench.Results.Comparison;

/// <summary>Which cases a mean is made of.</summary>
internal static class CountedCases
{
    /// <summary>Of whole epochs and steps the standard workloads, else all of them, else the parts.</summary>
    /// <remarks>Parts of a step would count the same work again, and those of microseconds as much as an epoch.</remarks>
    /// <returns>The cases in their order, and what they are, in words.</returns>
    internal static (IReadOnlyList<T> Cases, string Over) Of<T>(IReadOnlyList<T> cases, Func<T, CaseSettings> settings)
    {
        T[] whole = [.. cases.Where(entry => settings(entry).IsWhole)];
        if (whole.Length == 0)
            return (cases, "parts of workloads (no whole epoch or step is shared)");
        T[] standard = [.. whole.Where(entry => StandardWorkloads.Of(settings(entry)) is not null)];
        return standard.Length > 0 ? (standard, $"standard workloads ({StandardWorkloads.Version})") : (whole, $"workloads (none of {StandardWorkloads.Version} is shared)");
    }
}
