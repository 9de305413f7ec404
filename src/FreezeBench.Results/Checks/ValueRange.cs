using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Checks;

/// <summary>What a column's values may be, which its unit decides: no time, count or rate is negative, and a fraction is at most 1.</summary>
/// <param name="Least">Smallest value that is possible.</param>
/// <param name="Most">Largest value that is possible.</param>
/// <param name="Text">The same for a message.</param>
internal sealed record ValueRange(double Least, double Most, string Text)
{
    /// <summary>Settings and counts of which there is at least one in every row.</summary>
    private static readonly HashSet<string> atLeastOne =
    [
        "schema_version", "classes", "resolution_px", "batch_size", "asked_batch_size", "images", "threads", "operations_per_sample", "operations",
        "sample_count", "total_parameters", "epoch", "epochs", "train_total", "test_total", "epochs_to_target", "shots", "unfreeze_every",
    ];

    // The mean's interval supposes normal samples, which have negative ones; of few and scattered samples its end is below 0.
    private static readonly HashSet<string> unbounded = ["ci99_lower_ms"];

    /// <summary>The range of a number's column; null for a text, a flag or a time.</summary>
    internal static ValueRange? Of(Column column)
    {
        var type = Nullable.GetUnderlyingType(column.Property.PropertyType) ?? column.Property.PropertyType;
        if (type != typeof(double) && type != typeof(int) && type != typeof(long) || unbounded.Contains(column.Name))
            return null;
        if (column.Unit == "fraction" || column.Name is "label_smoothing" or "learning_rate_decay")
            return new ValueRange(0, 1, "between 0 and 1");
        // No machine computes outside of these: a value there is of another unit, millidegrees or kHz.
        if (column.Name == "temperature_max_c")
            return new ValueRange(-50, 150, "between -50 and 150");
        if (column.Unit == "MHz")
            return new ValueRange(1, 20_000, "between 1 and 20000");
        return atLeastOne.Contains(column.Name)
            ? new ValueRange(1, double.PositiveInfinity, "1 or more")
            : new ValueRange(0, double.PositiveInfinity, "0 or more");
    }

    internal bool Contains(double value) => value >= Least && value <= Most;
}
