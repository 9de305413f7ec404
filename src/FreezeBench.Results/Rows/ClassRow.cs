namespace FreezeBench.Results.Rows;

/// <summary>A class of the user's own images as a training run numbered it: what output of the head stands for which folder.</summary>
/// <remarks>The summaries are what results/COLUMNS.md shows. Columns are added at the end of the layout, never renamed.</remarks>
public sealed record ClassRow : IResultRow
{
    /// <summary>The file of these rows.</summary>
    public static string FileName => "classes.csv";

    /// <inheritdoc/>
    public static IReadOnlyList<string> Layout { get; } =
    [
        "schema_version run_id environment_id dataset class_selection label class_name",
    ];

    /// <summary>Version of the file's layout.</summary>
    [Unit("1")]
    public required int SchemaVersion { get; init; }

    /// <summary>The invocation whose rows in accuracy.csv it is about.</summary>
    public required string RunId { get; init; }

    /// <summary>Names the environment, described in the environment.json beside the file.</summary>
    public required string EnvironmentId { get; init; }

    /// <summary>Name of the data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>Classes trained on, as asked for: all, how many from the first, or their names.</summary>
    public required string ClassSelection { get; init; }

    /// <summary>Number of the class, from 0: its place among the outputs of the head.</summary>
    [Unit("1")]
    public required int Label { get; init; }

    /// <summary>Name of the class: of its folder.</summary>
    public required string ClassName { get; init; }
}
