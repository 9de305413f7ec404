using BenchmarkDotNet.Attributes;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Measurement;

namespace FreezeBench.Benchmarks.Suites;

/// <summary>
/// Backward and step cost for every freezing depth, from everything trained to only the head trained: where on the way the
/// backward pass gets cheap. The sweep is whole whatever <c>--policies</c> says.
/// </summary>
/// <remarks>Inside the clock: one step, as in <see cref="StepSuite.Phases"/>.</remarks>
public class DepthSuite : Suite
{
    private int step;
    private PhaseRecorder? recorder;

    protected override string SuiteName => SuiteNames.Depth;

    public override IEnumerable<string> PolicyNames => Settings.Depths;

    /// <summary>One step, its phases timed apart.</summary>
    [Benchmark]
    public void Depth()
    {
        Running(nameof(Depth));
        recorder ??= new PhaseRecorder(Clock);
        // Whole batches only: a row says how many images a step has.
        Trainer.Step(step++ % Trainer.FullStepsPerEpoch, recorder);
        KeepPhases(recorder);
    }
}
