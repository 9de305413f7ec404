namespace FreezeBench.Results.Rows;

/// <summary>What a person knows about a run and no program saw. It is added beside the rows, which stay as they were written.</summary>
/// <remarks>The summaries are what results/COLUMNS.md shows. Columns are added at the end of the layout, never renamed.</remarks>
public sealed record RemarkRow : ResultRow, IResultRow
{
    /// <summary>The machine had other work during the run: its times say nothing, its accuracies do not depend on that.</summary>
    public const string TimesDisturbed = "times_disturbed";

    /// <summary>The file of these rows.</summary>
    public static string FileName => "remarks.csv";

    /// <inheritdoc/>
    public static IReadOnlyList<string> Layout { get; } =
    [
        "schema_version run_id environment_id utc_time remark reason",
    ];

    /// <summary>When the remark was made, ISO 8601 in UTC.</summary>
    public required DateTimeOffset UtcTime { get; init; }

    /// <summary>times_disturbed: the machine had other work, so reports mark the run's times and draw no conclusion from them.</summary>
    public required string Remark { get; init; }

    /// <summary>The reason, in one line.</summary>
    public required string Reason { get; init; }
}
