namespace FreezeBench.Results.Rows;

/// <summary>A class of the user's own images as a training run numbered it: what output of the head stands for which folder.</summary>
/// <remarks>The summaries are what results/COLUMNS.md shows. Columns are added at the end of the layout, never renamed.</remarks>
public sealed record ClassRow : ResultRow, IResultRow
{
    /// <summary>The file of these rows.</summary>
    public static string FileName => "classes.csv";

    /// <inheritdoc/>
    public static IReadOnlyList<string> Layout { get; } =
    [
        "schema_version run_id environment_id dataset class_selection label class_name",
    ];

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
