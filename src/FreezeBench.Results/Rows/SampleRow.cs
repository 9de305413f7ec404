namespace FreezeBench.Results.Rows;

/// <summary>One measured iteration of a case. The case is named by the columns of <see cref="CaseKey"/>.</summary>
/// <remarks>The summaries are what results/COLUMNS.md shows. Columns are added at the end of the layout, never renamed.</remarks>
public sealed record SampleRow : NamedCase, IResultRow
{
    /// <summary>The file of these rows.</summary>
    public static string FileName => "samples.csv";

    /// <inheritdoc/>
    public static IReadOnlyList<string> Layout { get; } =
    [
        """
        schema_version run_id environment_id framework suite policy phase backbone dataset resolution_px batch_size precision memory_format
        sample_index operations value_ms
        """,
        "",
        "",
        "kernels",
        "",
    ];

    /// <summary>Version of the file's layout.</summary>
    [Unit("1")]
    public required int SchemaVersion { get; init; }

    /// <summary>Names the invocation that wrote the row; sorts by time.</summary>
    public required string RunId { get; init; }

    /// <summary>Names the environment, described in the environment.json beside the file. Two commits are compared within one id, machines by their workloads.</summary>
    public required string EnvironmentId { get; init; }

    /// <summary>Position of the sample in the case, from 0, in the order of measuring.</summary>
    [Unit("1")]
    public required int SampleIndex { get; init; }

    /// <summary>Operations that the sample is the mean of.</summary>
    [Unit("operations")]
    public required int Operations { get; init; }

    /// <summary>Time of one operation, raw and in full precision.</summary>
    [Unit("ms")]
    public required double ValueMs { get; init; }
}
