using FreezeBench.Results.Rows;
using FreezeBench.Results.Workloads;

namespace FreezeBench.Results.Comparison;

/// <summary>Which cases a mean is made of.</summary>
internal static class CountedCases
{
    /// <summary>Of whole epochs and steps the standard workloads, else all of them, else the parts.</summary>
    /// <remarks>Parts of a step would count the same work again, and those of microseconds as much as an epoch. Where the framework is open, a twin stands beside
    /// each kind of our kernels: it counts beside the fast ones alone.</remarks>
    /// <returns>The cases in their order, and what they are, in words.</returns>
    internal static (IReadOnlyList<T> Cases, string Over) Of<T>(IReadOnlyList<T> cases, Func<T, CaseSettings> settings)
    {
        var once = cases.GroupBy(entry => settings(entry) is { Framework: null } open ? open with { Kernels = null } : settings(entry)).Select(same => same.MaxBy(entry => settings(entry).Kernels)!).ToList();
        var fast = once.Count < cases.Count ? ", with fast kernels" : "";
        cases = once;
        T[] whole = [.. cases.Where(entry => settings(entry).IsWhole)];
        if (whole.Length == 0)
            return (cases, $"parts of workloads (no whole epoch or step is shared){fast}");
        T[] standard = [.. whole.Where(entry => StandardWorkloads.Of(settings(entry)) is not null)];
        return standard.Length > 0 ? (standard, $"standard workloads ({StandardWorkloads.Version}){fast}") : (whole, $"workloads (none of {StandardWorkloads.Version} is shared){fast}");
    }
}
