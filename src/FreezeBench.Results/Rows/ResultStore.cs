using System.Text;
using FreezeBench.Results.Machine;

namespace FreezeBench.Results.Rows;

/// <summary>The result files of one environment's folder. Rows are only ever added; a reader never sees half a file.</summary>
/// <remarks>Each append writes the whole file anew beside the old one, flushes it to disk and moves it into place under
/// the folder's lock, so a crash leaves the old file or the new one, and two programs that append lose no row. Append a
/// case's or an epoch's rows together: the cost of a call is proportional to the file.</remarks>
/// <param name="folder">results/&lt;environment id&gt;; made when first written to.</param>
public sealed class ResultStore(string folder)
{
    /// <summary>Rows of an older file that are held at once while it is brought to today's columns.</summary>
    private const int RowsAtATime = 1000;

    private static readonly TimeSpan lockPatience = TimeSpan.FromSeconds(30);

    /// <summary>The folder.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>Adds rows to their file, which is made if missing and brought to today's columns if older.</summary>
    /// <exception cref="ArgumentException">A value cannot be written; nothing was.</exception>
    /// <exception cref="UserErrorException">The file cannot be written, has an unknown column or ends in a cut row.</exception>
    public void Append<TRow>(IReadOnlyCollection<TRow> rows) where TRow : IResultRow
    {
        ArgumentNullException.ThrowIfNull(rows);
        var added = RowTable<TRow>.Render(rows);
        if (added.Length > 0)
            Locked(Path.Combine(Folder, TRow.FileName), () => AddUnderLock<TRow>(Folder, added));
    }

    /// <summary>Adds rows while the caller holds the folder's lock, so that what it decided by the rows already there stays true.</summary>
    /// <inheritdoc cref="Append{TRow}(IReadOnlyCollection{TRow})"/>
    internal static void AppendUnderLock<TRow>(string folder, IReadOnlyCollection<TRow> rows) where TRow : IResultRow
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count > 0)
            AddUnderLock<TRow>(folder, RowTable<TRow>.Render(rows));
    }

    /// <summary>Adds one row.</summary>
    /// <inheritdoc cref="Append{TRow}(IReadOnlyCollection{TRow})"/>
    public void Append<TRow>(TRow row) where TRow : IResultRow => Append<TRow>([row]);

    /// <summary>Writes environment.json, or completes the one that is there.</summary>
    /// <remarks>The id's facts are equal, since the id is. Of the others (TF32 flags, clocks, BenchmarkDotNet's version)
    /// the first known value stays, because it describes the rows already there, and "unknown" is filled in. What differs
    /// is returned for the program to print, but for the TF32 flags: each run sets them by its precision, which its rows say.</remarks>
    /// <returns>Facts that differ from the recorded ones, one line each; normally none.</returns>
    /// <exception cref="UserErrorException">The file is there and malformed, contradicts its id or is another
    /// environment's.</exception>
    public IReadOnlyList<string> WriteEnvironment(EnvironmentRecord environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var path = Path.Combine(Folder, EnvironmentFile.FileName);
        IReadOnlyList<string> differences = [];
        Locked(path, () =>
        {
            if (!File.Exists(path))
            {
                Replace(path, stream => stream.Write(EnvironmentFile.Render(environment)));
                return;
            }
            var recorded = EnvironmentFile.Read(path);
            if (recorded.Id != environment.Id)
                throw new UserErrorException($"{path} describes the environment {recorded.Id}, but this one is {environment.Id}. Each environment has a folder of its own; use another --out.");
            (var completed, differences) = EnvironmentFile.Completed(recorded, environment);
            if (!File.ReadAllBytes(path).AsSpan().SequenceEqual(completed))
                Replace(path, stream => stream.Write(completed));
        });
        return differences;
    }

    /// <summary>All rows of a file, in its order.</summary>
    /// <exception cref="UserErrorException">The file is missing, malformed, cut or newer; with file, line and column.</exception>
    public static IReadOnlyList<TRow> Read<TRow>(string path) where TRow : IResultRow => [.. RowFile.Rows<TRow>(path).Select(line => line.Row)];

    /// <summary>All rows of the folder's own file; none where it does not exist yet.</summary>
    /// <inheritdoc cref="Read{TRow}(string)"/>
    public IReadOnlyList<TRow> Read<TRow>() where TRow : IResultRow =>
        Path.Combine(Folder, TRow.FileName) is var path && File.Exists(path) ? Read<TRow>(path) : [];

    private static void AddUnderLock<TRow>(string folder, byte[] added) where TRow : IResultRow
    {
        var path = Path.Combine(folder, TRow.FileName);
        Replace(path, stream =>
        {
            WriteExisting<TRow>(path, stream);
            stream.Write(added);
        });
    }

    /// <summary>Writes what the file is to hold before the added rows.</summary>
    private static void WriteExisting<TRow>(string path, Stream stream) where TRow : IResultRow
    {
        var header = Encoding.UTF8.GetBytes(RowTable<TRow>.Header);
        if (!File.Exists(path))
        {
            stream.Write(header);
            return;
        }
        // The same header: the bytes are kept as they are. Otherwise everything is read, which finds what is wrong.
        using (var old = File.OpenRead(path))
        {
            if (IsWhole(old, header))
            {
                old.Position = 0;
                old.CopyTo(stream);
                return;
            }
        }
        stream.Write(header);
        foreach (var rows in RowFile.Rows<TRow>(path).Select(line => line.Row).Chunk(RowsAtATime))
            stream.Write(RowTable<TRow>.Render(rows));
    }

    private static bool IsWhole(FileStream old, byte[] header)
    {
        var start = new byte[header.Length];
        if (old.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.AsSpan().SequenceEqual(header))
            return false;
        old.Position = old.Length - 1;
        return old.ReadByte() == '\n';
    }

    private void Locked(string path, Action write)
    {
        try
        {
            Directory.CreateDirectory(Folder);
            using var held = FolderLock.Take(Folder, lockPatience);
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path} cannot be written: {error.Message} Free the disk or the folder, or use another --out.", error);
        }
    }

    /// <summary>Writes a file whole, while the caller holds the folder's lock.</summary>
    internal static void Replace(string path, Action<Stream> write)
    {
        // Under the lock nobody else writes, so what looks like a temporary file was left by a program that was killed.
        foreach (var orphan in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + ".*" + AtomicFile.TemporaryEnd))
            File.Delete(orphan);
        AtomicFile.Write(path, write);
    }
}
