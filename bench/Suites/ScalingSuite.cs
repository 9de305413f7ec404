using BenchmarkDotNet.Attributes;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Training;

namespace FreezeBench.Benchmarks.Suites;

/// <summary>Throughput of a training step by batch size and resolution.</summary>
/// <remarks>Inside the clock: one step, as in <see cref="StepSuite.Step"/>. Each size is a case of its own, in a process of its own.</remarks>
public class ScalingSuite : Suite
{
    // Two, so that the gather is no copy of the whole set.
    internal const int BatchesOfImages = 2;

    private int step;

    /// <summary>Batch size and resolution of the case.</summary>
    [ParamsSource(nameof(SizeNames))]
    public string Size { get; set; } = "";

    /// <summary>The sizes of this run, for BenchmarkDotNet.</summary>
    public static IEnumerable<string> SizeNames => Settings.ScalingSizes.Select(size => size.ToString());

    protected override string SuiteName => SuiteNames.Scaling;

    protected override CaseSize CaseSize => CaseSize.Parse(Size);

    protected override bool MayShrink => false;

    protected override int Images => BatchesOfImages * CaseSize.BatchSize;

    public override IEnumerable<string> PolicyNames => Settings.ScalingPolicies;

    /// <summary>One step, undisturbed.</summary>
    [Benchmark]
    public void Step()
    {
        Running(nameof(Step));
        Trainer.Step(step++ % Trainer.FullStepsPerEpoch, NoObserver.Instance);
        Clock.Synchronise();
    }
}
