using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FreezeBench.Results;

namespace FreezeBench.Accuracy.Runs;

/// <summary>
/// The folder in which one invocation keeps the state of the run that is under way, so that the same command can go on from
/// there; removed when all its runs have ended.
/// </summary>
/// <remarks>
/// Its name is the request's fingerprint and the run id. As long as the program runs it holds a lock in it, so that a second one
/// resumes only what nobody is working on; the system lets go of the lock when a program dies.
/// </remarks>
public sealed partial class CheckpointSession : IDisposable
{
    private const string RecordName = "session.json";
    private const string LockName = "session.lock";
    private const long LargestRecordBytes = 1 << 20;

    private static readonly TimeSpan youngest = TimeSpan.FromMinutes(1);

    private readonly string folder;
    private readonly FileStream held;

    private CheckpointSession(string folder, FileStream held, SessionRecord record) => (this.folder, this.held, Record) = (folder, held, record);

    /// <summary>What it remembers.</summary>
    public SessionRecord Record { get; private set; }

    /// <summary>A short name of everything that two invocations must share for one to go on from the other.</summary>
    public static string Fingerprint(IEnumerable<string> facts) =>
        Convert.ToHexStringLower(Sha256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', facts))))[..16];

    /// <summary>A new session.</summary>
    /// <param name="root">Folder of all sessions.</param>
    /// <param name="fingerprint">Of the request.</param>
    /// <param name="record">Its run id is new.</param>
    public static CheckpointSession Begin(string root, string fingerprint, SessionRecord record) => Writing(root, () =>
    {
        RemoveDead(root);
        var folder = Path.Combine(root, $"{fingerprint}-{record.RunId}");
        Directory.CreateDirectory(folder);
        var held = TryLock(folder) ?? throw new IOException($"{folder} is in use.");
        var session = new CheckpointSession(folder, held, record);
        session.WriteRecord();
        return session;
    });

    /// <summary>The newest session of the same request that nobody is working on.</summary>
    /// <exception cref="UserErrorException">There is none; what is there is listed.</exception>
    public static CheckpointSession Resume(string root, string fingerprint)
    {
        return Writing(root, () =>
        {
            var folders = Directory.Exists(root) ? Directory.GetDirectories(root).Where(folder => File.Exists(Path.Combine(folder, RecordName))).Order(StringComparer.Ordinal).ToList() : [];
            var busy = false;
            foreach (var folder in folders.Where(folder => Path.GetFileName(folder).StartsWith(fingerprint + "-", StringComparison.Ordinal)).Reverse())
            {
                if (TryLock(folder, LockFile.Afterlife) is { } held)
                    return TakenUp(folder, held);
                busy = true;
            }
            throw new UserErrorException(busy
                ? "--resume was asked for, but the same command is still running."
                : $"--resume was asked for, but no interrupted run of this command, with this data, weights, machine and commit, is in {root}."
                    + (folders is [] ? "" : "\nWhat is there:\n" + string.Join('\n', folders.Select(folder => "  " + Read(folder).Command))) + "\nLeave --resume out to start anew.");
        });
    }

    /// <summary>Where a run keeps its state.</summary>
    public string PathOf(PlannedRun run) =>
        Path.Combine(folder, Fingerprint([run.Strategy.Name, run.ClassSelection, $"{run.Seed}", run.Kernels.Name, run.Head.Word(), $"{run.Shots}"]) + ".safetensors");

    /// <summary>
    /// The batch size that runs like this one were found to fit with, in this invocation or in one before: a resumed run has to go on
    /// with the batches that it began with, whatever would fit now.
    /// </summary>
    public int? FittingBatchSize(PlannedRun run) => Record.FittingBatchSizes.TryGetValue(KindOf(run), out var size) ? size : null;

    /// <summary>Remembers <see cref="FittingBatchSize"/>.</summary>
    /// <exception cref="UserErrorException">The record cannot be written.</exception>
    public void Remember(PlannedRun run, int fittingBatchSize)
    {
        Record = Record with { FittingBatchSizes = new Dictionary<string, int>(Record.FittingBatchSizes) { [KindOf(run)] = fittingBatchSize } };
        Writing(folder, () =>
        {
            WriteRecord();
            return 0;
        });
    }

    /// <summary>Removes what a run kept: it has ended.</summary>
    public void Forget(PlannedRun run) => File.Delete(PathOf(run));

    /// <summary>Removes the session: nothing is left to resume.</summary>
    public void Finish()
    {
        // First what makes it one that can be resumed: of a program that is killed in between, the next command removes the rest.
        File.Delete(Path.Combine(folder, RecordName));
        Dispose();
        Directory.Delete(folder, recursive: true);
    }

    // Without a record nothing can go on from it. A program that begins at this moment has not written its record yet.
    private static void RemoveDead(string root)
    {
        foreach (var folder in Directory.Exists(root) ? Directory.GetDirectories(root) : [])
            if (IsSession().IsMatch(Path.GetFileName(folder)) && !File.Exists(Path.Combine(folder, RecordName)) && DateTime.UtcNow - Directory.GetLastWriteTimeUtc(folder) > youngest
                && TryLock(folder) is { } held)
            {
                held.Dispose();
                Directory.Delete(folder, recursive: true);
            }
    }

    [GeneratedRegex("^[0-9a-f]{16}-[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}$")]
    private static partial Regex IsSession();

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();

    private static CheckpointSession TakenUp(string folder, FileStream held)
    {
        try
        {
            var record = Read(folder);
            var session = new CheckpointSession(folder, held, record with { Resumptions = record.Resumptions + 1 });
            session.WriteRecord();
            return session;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private void WriteRecord() => AtomicFile.Write(Path.Combine(folder, RecordName), JsonSerializer.SerializeToUtf8Bytes(Record));

    // Seeds need the same memory.
    private static string KindOf(PlannedRun run) =>
        $"{run.Strategy.Name} {run.ClassSelection} {run.Kernels.Name}{(run.Shots is { } shots ? $" {shots} shots" : "")}";

    private static SessionRecord Read(string folder)
    {
        var path = Path.Combine(folder, RecordName);
        try
        {
            return StrictJson.Read<SessionRecord>(RegularFile.ReadAllText(path, LargestRecordBytes)) is { RunId.Length: > 0 } record ? record : throw new JsonException("it lacks its run id.");
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new UserErrorException($"{path} is damaged: {e.Message} Remove the folder {folder}.", e);
        }
    }

    private static FileStream? TryLock(string folder, TimeSpan patience = default)
    {
        try
        {
            return LockFile.Open(Path.Combine(folder, LockName), patience);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static T Writing<T>(string root, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The checkpoint folder {root} cannot be used: {e.Message} Pass another --checkpoint-dir.", e);
        }
    }
}

/// <summary>What a session remembers.</summary>
/// <param name="RunId">Of all rows of the session's runs.</param>
/// <param name="Command">The words of the command, for messages.</param>
/// <param name="Resumptions">How many times it was taken up again.</param>
public sealed record SessionRecord(string RunId, string Command, int Resumptions)
{
    /// <summary>Batch sizes that were found to fit, by strategy and class selection; empty where none was looked for.</summary>
    public IReadOnlyDictionary<string, int> FittingBatchSizes { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, int>.Empty;
}
