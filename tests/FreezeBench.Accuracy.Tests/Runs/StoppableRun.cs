using FreezeBench.Accuracy.Options;
using FreezeBench.Accuracy.Output;
using FreezeBench.Accuracy.Runs;
using FreezeBench.Accuracy.Tests.Options;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Torch.Arithmetic;
using Spectre.Console.Testing;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Accuracy.Tests.Runs;

/// <summary>The runs of a command without its signals: a test stops them where it likes and goes on.</summary>
internal sealed class StoppableRun : IDisposable
{
    internal const string RunId = "20260102T030405Z-9f3a61c2";

    private readonly TemporaryFolder folder = new();
    private readonly TestConsole console = new();
    private readonly AccuracySettings settings;
    private readonly AccuracyData data;
    private bool begun;

    internal StoppableRun(params string[] arguments) : this(Runner.WithDropout, arguments)
    {
    }

    /// <param name="common">Of <see cref="Runner"/>: a network and images.</param>
    /// <param name="arguments">The rest.</param>
    internal StoppableRun(string[] common, string[] arguments)
    {
        settings = Parsed.Settings([.. common, .. arguments]);
        data = AccuracyData.Load(settings, CPU, new DownloadReporter(console), TestContext.Current.CancellationToken);
    }

    /// <summary>Where the sensors are looked for; nowhere by default, so that a test sees the same on every machine.</summary>
    internal string SystemRoot => folder.File("sys");

    /// <summary>What other programs do: nobody tells by default.</summary>
    internal Func<OtherLoad> WatchOthers { get; init; } = () => new OtherLoad(() => null, () => null);

    internal IReadOnlyList<PlannedRun> Plan => PlannedRun.All(settings);

    internal ResultStore Store => new(folder.File("environment"));

    internal string Checkpoints => folder.File("checkpoints");

    /// <summary>Where the only run keeps its state.</summary>
    internal string CheckpointFile => Directory.GetFiles(Checkpoints, "*.safetensors", SearchOption.AllDirectories).Single();

    /// <summary>Begins or goes on, as a command with and without --resume does.</summary>
    /// <param name="reporter">Told what happens; what it throws ends everything, as a crash would.</param>
    /// <param name="source">Stops it as a signal does.</param>
    internal IReadOnlyList<RunRow> Train(IRunReporter reporter, CancellationTokenSource? source = null)
    {
        var stop = source?.Token ?? TestContext.Current.CancellationToken;
        using var session = begun ? CheckpointSession.Resume(Checkpoints, "fingerprint") : CheckpointSession.Begin(Checkpoints, "fingerprint", new SessionRecord(RunId, "command", 0));
        begun = true;
        var stamp = new RunStamp { RunId = session.Record.RunId, EnvironmentId = "environment", UtcTime = DateTimeOffset.UtcNow, Git = GitState.None };
        var context = new RunContext(settings, InitialWeights.Load(settings, new DownloadReporter(console), stop), data, Parsed.Cpu, Precision.Fp32, null, stamp, Store, session, reporter, SystemRoot) { WatchOthers = WatchOthers };
        return [.. Plan.Select((run, index) => new AccuracyRun(context, run).Train(index + 1, Plan.Count, stop))];
    }

    public void Dispose()
    {
        data.Dispose();
        console.Dispose();
        folder.Dispose();
    }
}
