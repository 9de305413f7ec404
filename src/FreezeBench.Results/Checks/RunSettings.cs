using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Checks;

/// <summary>What a training run holds fixed, by column.</summary>
internal static class RunSettings
{
    private static readonly string[] ofTheRun =
    [
        "dataset", "data_hash", "backbone", "weights", "weights_sha256", "classes", "epochs", "resolution_px", "batch_size", "precision",
        "memory_format", "threads", "deterministic", "kernels", "head", "shots", "unfreeze_every",
    ];

    // probe-then-tune trains its two policies by two recipes.
    private static readonly string[] ofThePolicyInForce =
    [
        "optimizer", "momentum", "weight_decay", "schedule", "base_learning_rate_head", "base_learning_rate_backbone", "label_smoothing", "augmentation", "learning_rate_decay",
    ];

    private static readonly IReadOnlyList<Column> epochColumns = Column.Of<AccuracyRow>();

    private static readonly IReadOnlyList<(Column Epoch, Column End)> shared =
    [
        .. from end in Column.Of<RunRow>()
           join epoch in epochColumns on end.Name equals epoch.Name
           where ofTheRun.Contains(end.Name)
           select (epoch, end),
    ];

    /// <summary>Where an epoch differs from an earlier one of its run.</summary>
    internal static IEnumerable<CellDifference> Differences(AccuracyRow first, AccuracyRow row) =>
        CellDifference.Between(first, row).Where(difference => ofTheRun.Contains(difference.Column)
            || row.PolicyInForce == first.PolicyInForce && ofThePolicyInForce.Contains(difference.Column));

    /// <summary>Where the end of a run differs from its epochs.</summary>
    internal static IEnumerable<CellDifference> Differences(AccuracyRow epoch, RunRow end) =>
        from pair in shared
        // An end that was written before the column came says nothing in it.
        where end.SchemaVersion >= pair.End.Since
        let left = Cell(pair.Epoch, epoch)
        let right = pair.End.Converter.Write(pair.End.Property.GetValue(end))
        where left != right
        select new CellDifference(pair.End.Name, left, right);

    /// <summary>Equal for two runs that should give the same result: settings, seed, and the recipe of each policy in force.</summary>
    /// <param name="phases">The first epoch of each policy in force.</param>
    internal static string Signature(IReadOnlyList<AccuracyRow> phases) => string.Join('\n',
        Cells(phases[0], ["policy", "class_selection", "seed", .. ofTheRun]),
        string.Join('\n', phases.Select(phase => Cells(phase, ["policy_in_force", "epoch", "learning_rate_head", "learning_rate_backbone", .. ofThePolicyInForce]))));

    /// <summary>Whether equal signatures mean equal runs: rows of schema version 1 do not tell schedule and augmentation.</summary>
    internal static bool AreKnown(AccuracyRow row) => row.DataHash != Unknown.Text && row.Schedule != Unknown.Text && row.Augmentation != Unknown.Text;

    private static string Cells(AccuracyRow row, string[] names) =>
        string.Join('\n', names.Select(name => Cell(epochColumns.First(column => column.Name == name), row)));

    private static string Cell(Column column, AccuracyRow row) => column.Converter.Write(column.Property.GetValue(row));
}
