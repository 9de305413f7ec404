using BenchmarkDotNet.Reports;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Benchmarks.Processes;
using FreezeBench.Benchmarks.Running;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Benchmarks.Suites;
using FreezeBench.Fitting;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Optimizing;
using FreezeBench.Programs;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;
using FreezeBench.Torch.Hardware;
using FreezeBench.Training;

namespace FreezeBench.Benchmarks.Output;

/// <summary>From a case's report and record to what is written: a measurement for the whole and for each kept part.</summary>
/// <param name="settings">Of the run.</param>
/// <param name="classes">Of the data set.</param>
/// <param name="device">As chosen.</param>
public sealed class CaseMeasurements(BenchmarkSettings settings, int classes, DeviceChoice device)
{
    /// <summary>The measurements of a case that succeeded.</summary>
    public IReadOnlyList<BenchmarkMeasurement> Of(BenchmarkReport report)
    {
        var benchmark = report.BenchmarkCase;
        var suite = SuiteCatalog.Of(benchmark);
        var method = SuiteCatalog.MethodOf(benchmark);
        var policy = SuiteCatalog.PolicyOf(benchmark);
        var kernels = SuiteCatalog.KernelsOf(benchmark);
        var asked = SuiteCatalog.SizeOf(benchmark) ?? settings.Size;
        var record = CaseRecord.Read(settings.RecordFolder, method, asked.Of(suite.Name, policy.Name, KernelSet.Parse(kernels).Kind()));
        var size = asked with { BatchSize = record.BatchSize };
        var samples = Measured.Samples(report);
        // Of several launches the last one's process has left the record; none at all means that its events did not come.
        if (record.MeasuredIterations == 0)
            throw new InvalidOperationException($"{benchmark.DisplayInfo}: its process saw none of {samples.Count} measured iterations begin and end, so that nobody watched the device in them.");

        BenchmarkMeasurement Measurement(string phase, IReadOnlyList<double> samplesMs)
        {
            var ofCase = Case(suite.Name, policy.Name, kernels, phase, size);
            return new()
            {
                Case = ofCase,
                WarmUpCount = Measured.WarmUpCalls(report),
                OperationsPerSample = checked((int)samples[0].Operations),
                SamplesMs = samplesMs,
                PeakMemory = record.PeakMemory,
                // The overhead's step runs on a network of its own.
                Parameters = phase == CasePhases.HarnessOverhead ? null : record.Parameters,
                State = record.State,
                AskedBatchSize = phase == CasePhases.HarnessOverhead ? ofCase.BatchSize : asked.BatchSize,
                CudnnAutotune = record.CudnnAutotune,
                OthersBusyCores = CaseLoads.Of(benchmark).OthersBusyCores,
                DeviceTimeMs = record.DeviceTimesMs.TryGetValue(phase, out var deviceTime) ? deviceTime : null,
                FlopsUtilisation = CaseFlops.Utilisation(
                    phase, NetworkCatalog.Parse(settings.Backbone), classes, ofCase.ResolutionPx, policy, ofCase.Images, SampleSummary.Of(samplesMs).Median,
                    record.MatmulFlopsPerS),
            };
        }

        double? DataShare() => DataPart(method) is { } part ? Measured.PerIteration(report, record.Parts[part]).Average() / samples.Average(sample => sample.MsPerOperation) : null;

        // Of the whole operation alone: its parts are too short for the counters.
        var whole = Measurement(WholePhase(method), [.. samples.Select(sample => sample.MsPerOperation)]);
        List<BenchmarkMeasurement> measurements = [whole with { EnergyJ = record.EnergyJ, EnergySource = record.EnergySource, DataShareFraction = DataShare(), Bound = record.Bound }];
        foreach (var (part, calls) in record.Parts.Where(part => Keeps(method, part.Key)))
            measurements.Add(Measurement(part, Measured.PerIteration(report, calls)));
        return measurements;
    }

    /// <summary>What ended the process of a case that failed; null: unknown.</summary>
    public CaseFailure? Failure(BenchmarkReport report) => CaseFailure.Find(settings.RecordFolder, report);

    /// <summary>What was too much for a case.</summary>
    public MemoryShortage Shortage(BenchmarkReport report)
    {
        var policy = SuiteCatalog.PolicyOf(report.BenchmarkCase);
        var asked = SuiteCatalog.SizeOf(report.BenchmarkCase);
        // A case that is about its size keeps it.
        var shrinks = settings.AutoBatch && asked is null;
        return new()
        {
            Network = NetworkCatalog.Parse(settings.Backbone),
            Classes = classes,
            Policy = policy,
            ResolutionPx = (asked ?? settings.Size).ResolutionPx,
            // Where no size was found, the last one tried was 1.
            BatchSize = shrinks ? CaseBatch.Found(settings, policy, SuiteCatalog.KernelsOf(report.BenchmarkCase)) ?? 1 : (asked ?? settings.Size).BatchSize,
            Images = settings.ImagesPerEpoch,
            Optimizer = new TrainingOptions().Optimizer,
            Precision = settings.Precision,
            Device = device,
            Memory = settings.Memory,
            AutoBatch = shrinks,
        };
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
        nameof(CostModelSuite.EpochsInTurn) => CasePhases.EpochsInTurn,
        nameof(CostModelSuite.OverheadAndStep) => CasePhases.OverheadAndStep,
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "No such benchmark method."),
    };

    // The depth suite asks one question: what backward and step cost. The other phases are the step suite's.
    private static bool Keeps(string method, string part) => part != CasePhases.DataWait && (method != nameof(DepthSuite.Depth) || part == StepPhase.Backward.Name());

    // The part of the whole in which it waited for a batch. An undisturbed step is not looked into.
    private static string? DataPart(string method) => method switch
    {
        nameof(EpochSuite.Epoch) => CasePhases.DataWait,
        nameof(StepSuite.Phases) => StepPhase.Data.Name(),
        _ => null,
    };

    // An overhead's step has a size of its own, whatever it is compared with.
    private BenchmarkCase Case(string suite, string policy, string kernels, string phase, CaseSize size) =>
        OfSize(suite, policy, kernels, phase, phase == CasePhases.HarnessOverhead ? CostModelSuite.OverheadSize : size);

    private BenchmarkCase OfSize(string suite, string policy, string kernels, string phase, CaseSize size) => new()
    {
        Kernels = KernelSet.Parse(kernels).Kind(),
        Suite = suite,
        Policy = policy,
        Phase = phase,
        Backbone = settings.Backbone,
        Weights = "random",
        Dataset = settings.DatasetLabel,
        Classes = classes,
        ResolutionPx = size.ResolutionPx,
        BatchSize = size.BatchSize,
        Images = phase switch
        {
            CasePhases.EpochsInTurn => CostModelSuite.EpochLengths(settings.BatchSize, settings.ImagesPerEpoch).Sum(),
            _ when suite == SuiteNames.Epoch => settings.ImagesPerEpoch,
            _ => CasePhases.ImagesOfEpoch(phase) ?? size.BatchSize,
        },
        Precision = settings.Precision,
        MemoryFormat = settings.MemoryFormatOf(kernels).Name,
        Threads = settings.Threads,
        Device = settings.Device,
    };
}
