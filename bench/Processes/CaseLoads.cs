using System.Runtime.CompilerServices;
using BenchmarkDotNet.Running;
using FreezeBench.Results.Machine;

namespace FreezeBench.Benchmarks.Processes;

/// <summary>What other programs did while a case's process ran.</summary>
/// <param name="OthersBusyCores">Cores that they kept busy, in the attempt that counts; null: unknown.</param>
/// <param name="FirstAttempt">The same in an attempt that was given up for it; null: there was none.</param>
public sealed record CaseLoad(double? OthersBusyCores, double? FirstAttempt = null)
{
    /// <summary>Whether that is too much.</summary>
    public bool Disturbed => OtherLoad.IsTooMuch(OthersBusyCores);
}

/// <summary>The loads of the cases that have run: BenchmarkDotNet's reports have no place for them.</summary>
public static class CaseLoads
{
    // By the object and not by its settings: a case of another round is another one.
    private static readonly ConditionalWeakTable<BenchmarkCase, CaseLoad> loads = [];

    /// <summary>The load of a case that has run; unknown where it was not watched.</summary>
    public static CaseLoad Of(BenchmarkCase benchmark) => loads.TryGetValue(benchmark, out var load) ? load : new CaseLoad(null);

    internal static void Keep(BenchmarkCase benchmark, CaseLoad load) => loads.AddOrUpdate(benchmark, load);
}
