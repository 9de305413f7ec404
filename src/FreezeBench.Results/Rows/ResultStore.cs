using System.Text;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Verification;

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
        var added = RowTable<TRow>.Render(rows);
        if (added.Length > 0)
            Locked(Path.Combine(Folder, TRow.FileName), () => FolderCommit.Write(Folder, [Added<TRow>(Folder, added)]));
    }

    /// <summary>Adds rows to two files in one step: nobody ever sees those of one without those of the other, whenever a program dies.</summary>
    /// <inheritdoc cref="Append{TRow}(IReadOnlyCollection{TRow})"/>
    public void Append<TFirst, TSecond>(IReadOnlyCollection<TFirst> first, IReadOnlyCollection<TSecond> second) where TFirst : IResultRow where TSecond : IResultRow
    {
        IReadOnlyList<(string, Action<Stream>)> files = [.. Added(Folder, first), .. Added(Folder, second)];
        if (files.Count > 0)
            Locked(Path.Combine(Folder, TFirst.FileName), () => FolderCommit.Write(Folder, files));
    }

    /// <summary>Adds a row unless the file has one already that makes it needless; nobody else can add one in between.</summary>
    /// <inheritdoc cref="AppendUnless{TRow}(IReadOnlyCollection{TRow}, Func{IReadOnlyList{TRow}, bool})"/>
    public bool AppendUnless<TRow>(TRow row, Func<IReadOnlyList<TRow>, bool> isThere) where TRow : IResultRow => AppendUnless<TRow>([row], isThere);

    /// <summary>Adds rows unless the file has some already that make them needless; nobody else can add any in between.</summary>
    /// <param name="rows">To be added.</param>
    /// <param name="isThere">Gets the rows of the file.</param>
    /// <returns>Whether they were added.</returns>
    /// <inheritdoc cref="Append{TRow}(IReadOnlyCollection{TRow})"/>
    public bool AppendUnless<TRow>(IReadOnlyCollection<TRow> rows, Func<IReadOnlyList<TRow>, bool> isThere) where TRow : IResultRow
    {
        var added = RowTable<TRow>.Render(rows);
        var isNew = false;
        Locked(Path.Combine(Folder, TRow.FileName), () =>
        {
            isNew = !isThere(Read<TRow>());
            if (isNew)
                FolderCommit.Write(Folder, [Added<TRow>(Folder, added)]);
        });
        return isNew;
    }

    /// <summary>What <see cref="FolderCommit"/> writes so that rows are added to their file; nothing where there are none.</summary>
    /// <exception cref="ArgumentException">A value cannot be written.</exception>
    internal static IEnumerable<(string Name, Action<Stream> Write)> Added<TRow>(string folder, IReadOnlyCollection<TRow> rows) where TRow : IResultRow =>
        rows.Count > 0 ? [Added<TRow>(folder, RowTable<TRow>.Render(rows))] : [];

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
        var path = Path.Combine(Folder, EnvironmentFile.FileName);
        IReadOnlyList<string> differences = [];
        Locked(path, () =>
        {
            if (!File.Exists(path))
            {
                Replace(EnvironmentFile.Render(environment));
                return;
            }
            var recorded = EnvironmentFile.Read(path);
            if (recorded.Id != environment.Id)
                throw new UserErrorException($"{path} describes the environment {recorded.Id}, but this one is {environment.Id}. Each environment has a folder of its own; use another --out.");
            (var completed, differences) = EnvironmentFile.Completed(recorded, environment);
            if (!RegularFile.Holds(path, completed))
                Replace(completed);
        });
        return differences;

        void Replace(byte[] bytes) => FolderCommit.Write(Folder, [(EnvironmentFile.FileName, stream => stream.Write(bytes))]);
    }

    /// <summary>Writes verification.json in the place of an earlier one.</summary>
    /// <exception cref="UserErrorException">The folder cannot be written.</exception>
    public void WriteVerification(DeviceVerification verification)
    {
        var bytes = VerificationFile.Render(verification);
        Locked(Path.Combine(Folder, VerificationFile.FileName), () => FolderCommit.Write(Folder, [(VerificationFile.FileName, stream => stream.Write(bytes))]));
    }

    /// <summary>All rows of a file, in its order.</summary>
    /// <exception cref="UserErrorException">The file is missing, malformed, cut or newer; with file, line and column.</exception>
    public static IReadOnlyList<TRow> Read<TRow>(string path) where TRow : IResultRow => [.. RowFile.Rows<TRow>(path).Select(line => line.Row)];

    /// <summary>All rows of the folder's own file; none where it does not exist yet.</summary>
    /// <inheritdoc cref="Read{TRow}(string)"/>
    public IReadOnlyList<TRow> Read<TRow>() where TRow : IResultRow =>
        FolderCommit.Read(Folder, TRow.FileName, path => File.Exists(path) ? Read<TRow>(path) : []);

    private static (string Name, Action<Stream> Write) Added<TRow>(string folder, byte[] added) where TRow : IResultRow
    {
        return (TRow.FileName, Write);

        void Write(Stream stream)
        {
            WriteExisting<TRow>(Path.Combine(folder, TRow.FileName), stream);
            stream.Write(added);
        }
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
        using (var old = RegularFile.OpenRead(path))
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
            throw new UserErrorException($"{path} cannot be written: {error.Message} Make room, or see that it may be written, or choose another results folder.", error);
        }
    }
}
