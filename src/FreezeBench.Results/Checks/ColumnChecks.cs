using System.Globalization;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Checks;

/// <summary>What is checked column by column, for every file alike: ranges, hashes, the environment, and where rows come from.</summary>
internal sealed class ColumnChecks<TRow> where TRow : IResultRow
{
    private static readonly IReadOnlyList<(Column Column, ValueRange Range)> ranges =
        [.. from column in Column.Of<TRow>() let range = ValueRange.Of(column) where range is not null select (column, range)];

    private static readonly IReadOnlyList<(Column Column, HashFormat Format)> hashes =
        [.. from column in Column.Of<TRow>() let format = HashFormat.Of(column.Name) where format is not null select (column, format)];

    private readonly CheckedFolder folder;
    private readonly string file;
    private readonly Dictionary<RowKey, long> lines = [];
    private readonly List<Provenance> provenances = [];
    private readonly Dictionary<(FindingKind Kind, string RunId), Provenance> byRun = [];

    internal ColumnChecks(CheckedFolder folder) => (this.folder, file) = (folder, folder.Name(TRow.FileName));

    internal void Row(long line, TRow row)
    {
        foreach (var (column, range) in ranges)
        {
            if (column.Property.GetValue(row) is { } value && !range.Contains(Convert.ToDouble(value, CultureInfo.InvariantCulture)))
                folder.Log.Add(FindingKind.ImpossibleValue, file, line, column.Name, $"it is {column.Converter.Write(value)}; possible is {range.Text}.");
        }
        foreach (var (column, format) in hashes)
        {
            if (format.FaultOf((string)column.Property.GetValue(row)!) is { } fault)
                folder.Log.Add(FindingKind.HashFormat, file, line, column.Name, $"{fault}");
        }
        DeviceStateChecks<TRow>.Row(folder, file, line, row);
        if (folder.Environment is { } environment)
            Machine(line, row, environment);
        if (row is IMeasuredRow measured)
            Origin(line, measured);
    }

    /// <summary>Whether the file has no row of this key before; a second one is a finding.</summary>
    /// <param name="line">Of the row.</param>
    /// <param name="row">The row.</param>
    /// <param name="column">Where it is told; null: no one column is meant.</param>
    /// <param name="what">What the row is, in words.</param>
    internal bool IsFirst(long line, TRow row, string? column, Func<FormattableString> what)
    {
        var key = RowKey.Of(row);
        if (lines.TryAdd(key, line))
            return true;
        folder.Log.Add(FindingKind.DuplicateRow, file, line, column, $"{FormattableString.Invariant(what())} is in line {lines[key]} already.");
        return false;
    }

    /// <summary>Notes on where rows come from, one for each run: every row of a run has the same to say.</summary>
    internal void End()
    {
        foreach (var provenance in provenances)
        {
            var rows = provenance.Rows == 1 ? "a row" : FormattableString.Invariant($"{provenance.Rows} rows");
            folder.Log.Add(provenance.Kind, file, provenance.Line, provenance.Column, $"{rows} of run {provenance.RunId} {provenance.What}.");
        }
    }

    private void Machine(long line, TRow row, EnvironmentRecord environment)
    {
        if (row.EnvironmentId != environment.Id)
        {
            // Of a row from elsewhere the device says nothing more.
            folder.Log.Add(FindingKind.RowEnvironment, file, line, "environment_id", $"it is {row.EnvironmentId}; this folder's environment is {environment.Id}.");
            return;
        }
        // The kind alone: cuda:1 of a machine with two equal GPUs is the same environment as cuda:0.
        if (row is IMeasuredRow { Device: var device } && Kind(device) != Kind(environment.Torch.Device))
            folder.Log.Add(FindingKind.RowMachine, file, line, "device", $"it is {device}; the environment's is {environment.Torch.Device}.");
        if (((row as BenchmarkRow)?.Threads ?? (row as AccuracyRow)?.Threads) is { } used && used != environment.Torch.Threads)
            folder.Log.Add(FindingKind.RowMachine, file, line, "threads", $"it is {used}; the environment's is {environment.Torch.Threads}.");
    }

    private void Origin(long line, IMeasuredRow row)
    {
        if (row.Dirty == true)
            Note(FindingKind.Dirty, line, row, "dirty", $"come from a working tree that differed from commit {row.Commit}");
        else if (row.Commit == Unknown.Text)
            Note(FindingKind.UnknownCommit, line, row, "commit", "come from code of which nobody knows the commit");
        else if (row.Dirty is null)
            Note(FindingKind.UnknownCommit, line, row, "dirty", $"come from commit {row.Commit} or a working tree that differed from it; nobody knows");
        if (row is RunRow { Throttled: true } || row is BenchmarkRow benchmark && benchmark.WereClocksHeldDown())
            Note(FindingKind.Throttled, line, row, row is BenchmarkRow { Throttled: not true } ? "clock_end_mhz" : "throttled", "were measured while heat or power held the device's clocks down");
        // Of a whole training the epochs say which.
        if (row is not RunRow && row.IsDisturbed())
            Note(FindingKind.Disturbed, line, row, "others_busy_cores", FormattableString.Invariant($"were measured while other programs kept more than {OtherLoad.ToleratedCores} cores busy"));
        if (row is BenchmarkRow { FlopsUtilisation: > BenchmarkRow.MostUtilisation, SchemaVersion: < BenchmarkRow.FirstVersionWithAPeak })
            Note(FindingKind.OldPeak, line, row, "flops_utilisation", FormattableString.Invariant($"have values above {BenchmarkRow.MostUtilisation}, since what they are held against is no peak before schema version {BenchmarkRow.FirstVersionWithAPeak}"));
    }

    private void Note(FindingKind kind, long line, IMeasuredRow row, string column, string what)
    {
        if (!byRun.TryGetValue((kind, row.RunId), out var provenance))
            provenances.Add(byRun[(kind, row.RunId)] = provenance = new Provenance(kind, row.RunId, line, column, what));
        provenance.Rows++;
    }

    private static string Kind(string device) => device.Split(':')[0];

    /// <summary>Rows of a run about which there is the same to say.</summary>
    private sealed class Provenance(FindingKind kind, string runId, long line, string column, string what)
    {
        internal FindingKind Kind => kind;

        internal string RunId => runId;

        internal long Line => line;

        internal string Column => column;

        internal string What => what;

        internal int Rows { get; set; }
    }
}
