using BenchmarkDotNet.Running;
using FreezeBench.Benchmarks.Cases;
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
        new(SuiteNames.Epoch, typeof(EpochSuite), EpochSuite.Measures),
        new(SuiteNames.Step, typeof(StepSuite), StepSuite.Measures),
        new(SuiteNames.Depth, typeof(DepthSuite), (_, _) => true),
        // Two classes, since BenchmarkDotNet combines a class's parameters with all of its methods, and only a step is measured at every size.
        new(SuiteNames.Scaling, typeof(ScalingSuite), (_, _) => true),
        new(SuiteNames.Scaling, typeof(CostModelSuite), CostModelSuite.Measures),
    ];

    /// <summary>The suite of a case.</summary>
    public static SuiteEntry Of(BenchmarkCase benchmark) => All.Single(suite => suite.Type == benchmark.Descriptor.Type);

    /// <summary>The policy of a case.</summary>
    public static FreezingPolicy PolicyOf(BenchmarkCase benchmark) => FreezingPolicy.Parse((string)benchmark.Parameters[nameof(Suite.Policy)]);

    /// <summary>Name of the kernels of a case.</summary>
    public static string KernelsOf(BenchmarkCase benchmark) => (string)benchmark.Parameters[nameof(Suite.Kernels)];

    /// <summary>The benchmark method of a case.</summary>
    public static string MethodOf(BenchmarkCase benchmark) => benchmark.Descriptor.WorkloadMethod.Name;

    /// <summary>Batch size and resolution that a case has as a parameter of its own; null: it has the run's.</summary>
    public static CaseSize? SizeOf(BenchmarkCase benchmark) =>
        benchmark.Parameters.Items.FirstOrDefault(parameter => parameter.Name == nameof(ScalingSuite.Size)) is { } size ? CaseSize.Parse((string)size.Value) : null;

    /// <summary>
    /// Whether a case's operation takes so long that it is one iteration: an epoch on images. An epoch on cached features
    /// is a few milliseconds, as a step is.
    /// </summary>
    public static bool IsLong(BenchmarkCase benchmark) =>
        MethodOf(benchmark) switch
        {
            nameof(EpochSuite.Epoch) or nameof(CostModelSuite.EpochsInTurn) => !PolicyOf(benchmark).CachesFeatures,
            nameof(EpochSuite.FeatureExtraction) or nameof(EpochSuite.ExtractionAndFloor) => true,
            _ => false,
        };
}
