using BenchmarkDotNet.Reports;
using FreezeBench.Benchmarks.Running;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Benchmarks.Suites;
using FreezeBench.Results.Rows;
using FreezeBench.Training;

namespace FreezeBench.Benchmarks.Output;

/// <summary>From a case's report and record to what is written: a measurement for the whole and for each kept part.</summary>
/// <param name="settings">Of the run.</param>
/// <param name="classes">Of the data set.</param>
public sealed class CaseMeasurements(BenchmarkSettings settings, int classes)
{
    /// <summary>The measurements of a case that succeeded.</summary>
    public IReadOnlyList<BenchmarkMeasurement> Of(BenchmarkReport report)
    {
        var benchmark = report.BenchmarkCase;
        var suite = SuiteCatalog.Of(benchmark);
        var method = SuiteCatalog.MethodOf(benchmark);
        var policy = SuiteCatalog.PolicyOf(benchmark).Name;
        var record = CaseRecord.Read(settings, suite.Name, method, policy);
        var samples = Measured.Samples(report);

        BenchmarkMeasurement Measurement(string phase, IReadOnlyList<double> samplesMs) => new()
        {
            Case = Case(suite.Name, policy, phase),
            WarmUpCount = Measured.WarmUpCalls(report),
            OperationsPerSample = checked((int)samples[0].Operations),
            SamplesMs = samplesMs,
            PeakMemoryBytes = record.PeakMemoryBytes,
            Throttled = record.Throttled,
            CudnnAutotune = record.CudnnAutotune,
            AskedBatchSize = settings.BatchSize,
        };

        List<BenchmarkMeasurement> measurements = [Measurement(WholePhase(method), [.. samples.Select(sample => sample.MsPerOperation)])];
        foreach (var (part, calls) in record.Parts.Where(part => Keeps(method, part.Key)))
            measurements.Add(Measurement(part, Measured.PerIteration(report, calls)));
        return measurements;
    }

    private static string WholePhase(string method) => method switch
    {
        nameof(EpochSuite.Epoch) => CasePhases.Epoch,
        nameof(EpochSuite.FeatureExtraction) => CasePhases.FeatureExtraction,
        nameof(EpochSuite.ExtractionAndFloor) => CasePhases.ExtractionAndFloor,
        nameof(StepSuite.Step) => CasePhases.Step,
        nameof(StepSuite.Phases) => CasePhases.SynchronisedStep,
        nameof(StepSuite.NoGradForward) => CasePhases.NoGradForward,
        nameof(DepthSuite.Depth) => CasePhases.Step,
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "No such benchmark method."),
    };

    // The depth suite asks one question: what backward and step cost. The other phases are the step suite's.
    private static bool Keeps(string method, string part) => method != nameof(DepthSuite.Depth) || part == StepPhase.Backward.Name();

    private BenchmarkCase Case(string suite, string policy, string phase) => new()
    {
        Suite = suite,
        Policy = policy,
        Phase = phase,
        Backbone = settings.Backbone,
        Weights = "random",
        Dataset = settings.DatasetLabel,
        Classes = classes,
        ResolutionPx = settings.ResolutionPx,
        BatchSize = settings.BatchSize,
        Images = suite == EpochSuite.Name ? settings.ImagesPerEpoch : settings.BatchSize,
        Precision = settings.Precision,
        MemoryFormat = settings.MemoryFormat,
        Threads = settings.Threads,
        Device = settings.Device,
    };
}
