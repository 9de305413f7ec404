using BenchmarkDotNet.Running;
using FreezeBench.Benchmarks.Suites;
using FreezeBench.Freezing;

namespace FreezeBench.Benchmarks.Running;

/// <summary>A suite as the runner sees it.</summary>
/// <param name="Name">In <c>--suites</c> and in the CSV.</param>
/// <param name="Type">The BenchmarkDotNet class.</param>
/// <param name="Measures">Whether a method is measured for a policy.</param>
public sealed record SuiteEntry(string Name, Type Type, Func<string, FreezingPolicy, bool> Measures);

/// <summary>The suites, in running order.</summary>
public static class SuiteCatalog
{
    /// <summary>Every suite.</summary>
    public static IReadOnlyList<SuiteEntry> All { get; } =
    [
        new(EpochSuite.Name, typeof(EpochSuite), EpochSuite.Measures),
        new(StepSuite.Name, typeof(StepSuite), StepSuite.Measures),
        new(DepthSuite.Name, typeof(DepthSuite), DepthSuite.Measures),
    ];

    /// <summary>The suite of a case.</summary>
    public static SuiteEntry Of(BenchmarkCase benchmark) => All.Single(suite => suite.Type == benchmark.Descriptor.Type);

    /// <summary>The policy of a case.</summary>
    public static FreezingPolicy PolicyOf(BenchmarkCase benchmark) => FreezingPolicy.Parse((string)benchmark.Parameters[nameof(Suite.Policy)]);

    /// <summary>The benchmark method of a case.</summary>
    public static string MethodOf(BenchmarkCase benchmark) => benchmark.Descriptor.WorkloadMethod.Name;

    /// <summary>
    /// Whether a case's operation takes so long that it is one iteration: an epoch on images. An epoch on cached features
    /// is a few milliseconds, as a step is.
    /// </summary>
    public static bool IsLong(BenchmarkCase benchmark) =>
        Of(benchmark).Name == EpochSuite.Name && !(MethodOf(benchmark) == nameof(EpochSuite.Epoch) && PolicyOf(benchmark).CachesFeatures);
}
