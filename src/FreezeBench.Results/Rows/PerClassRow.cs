namespace FreezeBench.Results.Rows;

/// <summary>One class of the test set after the last epoch of a training run, written where classes have unlike numbers of training or test images.</summary>
/// <remarks>The summaries are what results/COLUMNS.md shows. Columns are added at the end of the layout, never renamed.</remarks>
public sealed record PerClassRow : ResultRow, IResultRow
{
    /// <summary>The file of these rows.</summary>
    public static string FileName => "per-class.csv";

    /// <inheritdoc/>
    public static IReadOnlyList<string> Layout { get; } =
    [
        "schema_version run_id environment_id policy kernels head shots seed class_selection epoch label class_name train_images test_images test_correct",
    ];

    /// <summary>Freezing policy, or probe-then-tune.</summary>
    public required string Policy { get; init; }

    /// <summary>Whose layers: plain or fast.</summary>
    public required KernelKind Kernels { get; init; }

    /// <summary>How the head was found: sgd, lbfgs or knn.</summary>
    public required HeadKind Head { get; init; }

    /// <summary>Training images of each class, where so many were drawn; unknown where they were not.</summary>
    [Unit("images")]
    public required int? Shots { get; init; }

    /// <summary>Seed of the run.</summary>
    [Unit("1")]
    public required int Seed { get; init; }

    /// <summary>Classes trained on, as asked for: all, how many from the first, or their names.</summary>
    public required string ClassSelection { get; init; }

    /// <summary>The run's last epoch, after which the test set was seen.</summary>
    [Unit("epochs")]
    public required int Epoch { get; init; }

    /// <summary>Number of the class, from 0: its place among the outputs of the head.</summary>
    [Unit("1")]
    public required int Label { get; init; }

    /// <summary>Name of the class.</summary>
    public required string ClassName { get; init; }

    /// <summary>Training images of the class.</summary>
    [Unit("images")]
    public required int TrainImages { get; init; }

    /// <summary>Test images of the class.</summary>
    [Unit("images")]
    public required int TestImages { get; init; }

    /// <summary>Test images of the class that were classified correctly.</summary>
    [Unit("images")]
    public required int TestCorrect { get; init; }
}
