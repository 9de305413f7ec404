namespace FreezeBench.Results.Rows;

/// <summary>The energy of a run from that of its epochs, those of earlier invocations included.</summary>
/// <param name="Joules">Sum of all epochs; null where one is unknown or they are of unlike sources, because a part would pass for the whole.</param>
/// <param name="Source">The epochs' source; unknown where there is no sum.</param>
public sealed record RunEnergy(double? Joules, string Source)
{
    /// <summary>Nobody knows.</summary>
    public static RunEnergy Unknown { get; } = new(null, Machine.Unknown.Text);

    /// <summary>The energy of the run with these epochs.</summary>
    public static RunEnergy Of(IEnumerable<AccuracyRow> epochs) => Of([.. epochs.Select(row => (row.EnergyJ, row.EnergySource))]);

    /// <summary>The same from each epoch's energy and source.</summary>
    public static RunEnergy Of(IReadOnlyList<(double? Joules, string Source)> epochs) =>
        epochs.Count == 0 || epochs.Any(epoch => epoch.Joules is null || epoch.Source != epochs[0].Source)
            ? Unknown
            : new RunEnergy(epochs.Sum(epoch => epoch.Joules), epochs[0].Source);
}
