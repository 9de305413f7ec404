using FreezeBench.Results.Machine;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Rows;

/// <summary>One case as measured. Both files' rows are derived from it, so that a summary cannot contradict its samples.</summary>
public sealed record BenchmarkMeasurement
{
    /// <summary>What was measured.</summary>
    public required BenchmarkCase Case { get; init; }

    /// <inheritdoc cref="BenchmarkRow.WarmUpCount"/>
    public required int WarmUpCount { get; init; }

    /// <inheritdoc cref="BenchmarkRow.OperationsPerSample"/>
    public required int OperationsPerSample { get; init; }

    /// <summary>Time of one operation in ms for each measured iteration, in the order of measuring; 1 or more.</summary>
    public required IReadOnlyList<double> SamplesMs { get; init; }

    /// <summary>The largest memory of the case and its source; null is unknown.</summary>
    public MeasuredMemory? PeakMemory { get; init; }

    /// <summary>How much of the network trains; null is unknown.</summary>
    public ParameterCounts? Parameters { get; init; }

    /// <summary>What was seen of the device in the measured iterations.</summary>
    public WatchedState State { get; init; } = WatchedState.None;

    /// <inheritdoc cref="BenchmarkRow.AskedBatchSize"/>
    public int? AskedBatchSize { get; init; }

    /// <inheritdoc cref="BenchmarkRow.CudnnAutotune"/>
    public bool? CudnnAutotune { get; init; }

    /// <inheritdoc cref="BenchmarkRow.FlopsUtilisation"/>
    public double? FlopsUtilisation { get; init; }

    /// <inheritdoc cref="BenchmarkRow.DataShareFraction"/>
    public double? DataShareFraction { get; init; }

    /// <inheritdoc cref="BenchmarkRow.EnergyJ"/>
    public double? EnergyJ { get; init; }

    /// <inheritdoc cref="BenchmarkRow.EnergySource"/>
    public string EnergySource { get; init; } = Unknown.Text;

    /// <inheritdoc cref="BenchmarkRow.OthersBusyCores"/>
    public double? OthersBusyCores { get; init; }

    /// <summary>What bounds the step; null is unknown.</summary>
    public StepBound? Bound { get; init; }

    /// <inheritdoc cref="BenchmarkRow.DeviceTimeMs"/>
    public double? DeviceTimeMs { get; init; }

    /// <summary>The row of benchmarks.csv.</summary>
    public BenchmarkRow ToRow(RunStamp stamp)
    {
        var summary = SampleSummary.Of(SamplesMs);
        return new BenchmarkRow
        {
            SchemaVersion = IResultRow.CurrentSchemaVersion,
            RunId = stamp.RunId,
            EnvironmentId = stamp.EnvironmentId,
            UtcTime = stamp.UtcTime,
            Commit = stamp.Git.Commit,
            Dirty = stamp.Git.Dirty,
            Framework = Case.Framework,
            Suite = Case.Suite,
            Policy = Case.Policy,
            Phase = Case.Phase,
            Backbone = Case.Backbone,
            Weights = Case.Weights,
            Dataset = Case.Dataset,
            Classes = Case.Classes,
            ResolutionPx = Case.ResolutionPx,
            BatchSize = Case.BatchSize,
            Images = Case.Images,
            Precision = Case.Precision,
            MemoryFormat = Case.MemoryFormat,
            Threads = Case.Threads,
            Device = Case.Device,
            WarmUpCount = WarmUpCount,
            OperationsPerSample = OperationsPerSample,
            SampleCount = summary.Count,
            MeanMs = summary.Mean,
            MedianMs = summary.Median,
            StandardDeviationMs = summary.StandardDeviation,
            MinMs = summary.Min,
            MaxMs = summary.Max,
            IqrMs = summary.InterquartileRange,
            Ci99LowerMs = summary.ConfidenceLower99,
            Ci99UpperMs = summary.ConfidenceUpper99,
            ThroughputImagesPerS = summary.Median > 0 ? Case.Images / (summary.Median / 1000) : null,
            PeakMemoryBytes = PeakMemory?.Bytes,
            NoiseVerdict = Noise.Of(summary),
            Throttled = State.Throttled,
            AskedBatchSize = AskedBatchSize,
            CudnnAutotune = CudnnAutotune,
            FlopsUtilisation = FlopsUtilisation,
            DataShareFraction = DataShareFraction,
            EnergyJ = EnergyJ,
            EnergySource = EnergySource,
            TemperatureMaxC = State.TemperatureMaxC,
            ClockMinMhz = State.ClockMinMhz,
            ThrottleReasons = State.ThrottleReasons,
            Kernels = Case.Kernels,
            TrainableParameters = Parameters?.Trainable,
            TotalParameters = Parameters?.Total,
            TrainedCheckpointBytes = Parameters?.TrainedBytes,
            Node = stamp.Node,
            OthersBusyCores = OthersBusyCores,
            MemorySource = PeakMemory?.Source,
            ClockStartMhz = State.ClockStartMhz,
            ClockEndMhz = State.ClockEndMhz,
            BoundBy = Bound?.By,
            HostIssueRatio = Bound?.HostIssueRatio,
            DeviceTimeMs = DeviceTimeMs,
        };
    }

    /// <summary>The rows of samples.csv.</summary>
    public IReadOnlyList<SampleRow> ToSampleRows(RunStamp stamp)
    {
        return [.. SamplesMs.Select((value, index) => new SampleRow
        {
            SchemaVersion = IResultRow.CurrentSchemaVersion,
            RunId = stamp.RunId,
            EnvironmentId = stamp.EnvironmentId,
            Framework = Case.Framework,
            Suite = Case.Suite,
            Policy = Case.Policy,
            Phase = Case.Phase,
            Backbone = Case.Backbone,
            Dataset = Case.Dataset,
            ResolutionPx = Case.ResolutionPx,
            BatchSize = Case.BatchSize,
            Precision = Case.Precision,
            MemoryFormat = Case.MemoryFormat,
            SampleIndex = index,
            Operations = OperationsPerSample,
            ValueMs = value,
            Kernels = Case.Kernels,
        })];
    }
}
