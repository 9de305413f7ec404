using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Checks;

/// <summary>What a row says of energy and throttling: known words, and no two columns that contradict each other.</summary>
internal static class DeviceStateChecks<TRow> where TRow : IResultRow
{
    private static readonly Column? energy = Named("energy_j");
    private static readonly Column? source = Named("energy_source");
    private static readonly Column? throttled = Named("throttled");
    private static readonly Column? reasons = Named("throttle_reasons");

    internal static void Row(CheckedFolder folder, string file, long line, TRow row)
    {
        if (energy is not null && source is not null)
            Energy(folder, file, line, energy.Property.GetValue(row), (string)source.Property.GetValue(row)!);
        if (throttled is not null && reasons is not null)
            Throttling(folder, file, line, (bool?)throttled.Property.GetValue(row), (string)reasons.Property.GetValue(row)!);
    }

    private static void Energy(CheckedFolder folder, string file, long line, object? joules, string told)
    {
        if (!EnergyMeter.Sources.Contains(told))
            folder.Log.Add(FindingKind.ImpossibleValue, file, line, source!.Name, $"it is '{told}'; possible are {string.Join(", ", EnergyMeter.Sources)}.");
        else if (joules is null != (told == Unknown.Text))
            folder.Log.Add(FindingKind.InconsistentRow, file, line, source!.Name, $"it is {told}, and {energy!.Name} is {energy.Converter.Write(joules)}.");
    }

    private static void Throttling(CheckedFolder folder, string file, long line, bool? held, string why)
    {
        var names = why is WatchedState.NoReasons or Unknown.Text ? [] : why.Split('+');
        if (names.FirstOrDefault(name => !ThrottleReasonNames.All.Contains(name)) is { } unheard)
            folder.Log.Add(FindingKind.ImpossibleValue, file, line, reasons!.Name, $"'{unheard}' is no reason; possible are {string.Join(", ", ThrottleReasonNames.All)}, joined by +, or {WatchedState.NoReasons}.");
        else if (names.Length > 0 && ThrottleReasonNames.Text(names.Distinct()) != why)
            folder.Log.Add(FindingKind.ImpossibleValue, file, line, reasons!.Name, $"it is {why}; each reason is there once, in alphabetical order.");
        // Before schema version 3 rows had no reasons: unknown ones contradict nothing.
        else if (why != Unknown.Text && held != names.Length > 0)
            folder.Log.Add(FindingKind.InconsistentRow, file, line, reasons!.Name, $"it is {why}, and {throttled!.Name} is {throttled.Converter.Write(held)}.");
    }

    private static Column? Named(string name) => Column.Of<TRow>().FirstOrDefault(column => column.Name == name);
}
