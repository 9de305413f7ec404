using CsvHelper;

namespace FreezeBench.Results.Rows;

/// <summary>One measured iteration of a case. The case is named by the columns of <see cref="CaseKey"/>.</summary>
/// <remarks>The summaries are what results/COLUMNS.md shows. Columns are added (with Since), never renamed.</remarks>
public sealed record SampleRow : IResultRow
{
    /// <summary>The file of these rows.</summary>
    public static string FileName => "samples.csv";

    /// <summary>Version of the file's layout.</summary>
    [CsvColumn("schema_version"), Unit("1")]
    public required int SchemaVersion { get; init; }

    /// <summary>Names the invocation that wrote the row; sorts by time.</summary>
    [CsvColumn("run_id")]
    public required string RunId { get; init; }

    /// <summary>Names the environment, described in the environment.json beside the file. Rows of unlike ids must not share a ratio.</summary>
    [CsvColumn("environment_id")]
    public required string EnvironmentId { get; init; }

    /// <summary>As in benchmarks.csv.</summary>
    [CsvColumn("framework")]
    public required string Framework { get; init; }

    /// <summary>As in benchmarks.csv.</summary>
    [CsvColumn("suite")]
    public required string Suite { get; init; }

    /// <summary>As in benchmarks.csv.</summary>
    [CsvColumn("policy")]
    public required string Policy { get; init; }

    /// <summary>As in benchmarks.csv.</summary>
    [CsvColumn("phase")]
    public required string Phase { get; init; }

    /// <summary>As in benchmarks.csv.</summary>
    [CsvColumn("backbone")]
    public required string Backbone { get; init; }

    /// <summary>As in benchmarks.csv.</summary>
    [CsvColumn("dataset")]
    public required string Dataset { get; init; }

    /// <summary>As in benchmarks.csv.</summary>
    [CsvColumn("resolution_px"), Unit("px")]
    public required int ResolutionPx { get; init; }

    /// <summary>As in benchmarks.csv.</summary>
    [CsvColumn("batch_size"), Unit("images")]
    public required int BatchSize { get; init; }

    /// <summary>As in benchmarks.csv.</summary>
    [CsvColumn("precision")]
    public required string Precision { get; init; }

    /// <summary>As in benchmarks.csv.</summary>
    [CsvColumn("memory_format")]
    public required string MemoryFormat { get; init; }

    /// <summary>Position of the sample in the case, from 0, in the order of measuring.</summary>
    [CsvColumn("sample_index"), Unit("1")]
    public required int SampleIndex { get; init; }

    /// <summary>Operations that the sample is the mean of.</summary>
    [CsvColumn("operations"), Unit("operations")]
    public required int Operations { get; init; }

    /// <summary>Time of one operation, raw and in full precision.</summary>
    [CsvColumn("value_ms"), Unit("ms")]
    public required double ValueMs { get; init; }

    /// <summary>As in benchmarks.csv.</summary>
    [CsvColumn("kernels"), Since(4)]
    public required KernelKind Kernels { get; init; }
}
