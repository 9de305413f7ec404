using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Tests.Rows;

namespace FreezeBench.Tool.Tests.Commands;

/// <summary>A results folder without a fault, made up, and ways to break it. Line 1 of each CSV is its header.</summary>
internal sealed class MadeUpResults : IDisposable
{
    internal const string RunId = "20260102T030405Z-0011aabb";
    internal const string LaterRunId = "20260103T030405Z-0011aabb";
    internal const string Commit = "0123456789abcdef0123456789abcdef01234567";

    // Written once: a store waits for the disk at each append, and nearly every test begins with these files.
    private static readonly Lazy<SortedDictionary<string, string>> firstRun = new(() =>
    {
        using var results = new MadeUpResults();
        return Contents(Path.Combine(results.Appended(results.Root, RunId).Root, Id));
    });

    private readonly string top = Directory.CreateTempSubdirectory("freezebench-test-").FullName;

    internal static EnvironmentRecord Environment { get; } = new()
    {
        Torch = new TorchFacts { Device = "cpu", Backend = "cpu", TorchSharpVersion = "0.107.0", LibtorchVersion = "2.10.0", Threads = 2 },
        Machine = new MachineFacts
        {
            CpuModel = "AMD EPYC",
            CpuFamily = "AuthenticAMD family 26 model 2 stepping 1",
            CpuVectorExtension = "avx512",
            LogicalCores = 2,
            OperatingSystem = "Debian GNU/Linux 12 (bookworm)",
            KernelVersion = "6.1.0",
            Architecture = "x64",
            DotNetVersion = ".NET 10.0.0",
        },
        Gpu = GpuFacts.None,
    };

    internal static string Id => Environment.Id;

    /// <summary>The results folder.</summary>
    internal string Root => Path.Combine(top, "results");

    /// <summary>The environment's folder.</summary>
    internal string Folder => Path.Combine(Root, Id);

    internal string Another(string name) => Path.Combine(top, name);

    /// <summary>One case of five samples, and two seeds of three epochs, which finished.</summary>
    internal MadeUpResults Filled(string runId = RunId) => Filled(Root, runId);

    internal MadeUpResults Filled(string root, string runId)
    {
        var folder = Path.Combine(root, Id);
        if (runId != RunId || Directory.Exists(folder))
            return Appended(root, runId);
        Directory.CreateDirectory(folder);
        foreach (var (name, text) in firstRun.Value)
            File.WriteAllText(Path.Combine(folder, name), text);
        return this;
    }

    private MadeUpResults Appended(string root, string runId)
    {
        var store = new ResultStore(Path.Combine(root, Id));
        store.WriteEnvironment(Environment);
        var stamp = Stamp(runId);
        store.Append(Measurement.ToSampleRows(stamp));
        store.Append(Measurement.ToRow(stamp));
        foreach (var seed in new[] { 1, 2 })
        {
            AccuracyRow[] epochs = [Epoch(runId, seed, 1), Epoch(runId, seed, 2), Epoch(runId, seed, 3)];
            store.Append(epochs);
            store.Append(End(epochs));
        }
        return this;
    }

    internal static RunStamp Stamp(string runId) => new()
    {
        RunId = runId,
        EnvironmentId = Id,
        UtcTime = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Git = new GitState { Commit = Commit, Dirty = false },
    };

    internal static BenchmarkMeasurement Measurement { get; } = new()
    {
        Case = MadeUpCase.Step with { Phase = "backward", Weights = "formula" },
        WarmUpCount = 2,
        OperationsPerSample = 1,
        Parameters = new ParameterCounts(11_181_642, 11_181_642, 44_726_568),
        SamplesMs = [500.125, 510.1, 498.0 / 3, 505, 507],
        PeakMemory = new(3_000_000_000, MemorySource.ResidentPeak),
    };

    internal static AccuracyRow Epoch(string runId, int seed, int epoch) => new()
    {
        Kernels = KernelKind.Fast,
        SchemaVersion = IResultRow.CurrentSchemaVersion,
        RunId = runId,
        EnvironmentId = Id,
        UtcTime = new DateTimeOffset(2026, 1, 2, 4, epoch, seed, TimeSpan.Zero),
        Commit = Commit,
        Dirty = false,
        Dataset = "cifar10",
        DataHash = new string('a', 64),
        Backbone = "resnet18",
        Weights = "random",
        WeightsSha256 = "unknown",
        Policy = "frozen",
        Classes = 10,
        Seed = seed,
        Epoch = epoch,
        Epochs = 3,
        ResolutionPx = 32,
        BatchSize = 128,
        Optimizer = "sgd",
        LearningRateHead = 0.1 / epoch,
        LearningRateBackbone = 0,
        Momentum = 0.9,
        WeightDecay = 5e-4,
        Precision = "fp32",
        MemoryFormat = "channels-last",
        Threads = 2,
        Device = "cpu",
        Deterministic = true,
        TrainLoss = 2.0 / epoch,
        TrainAccuracyFraction = 0.25,
        TrainCorrect = 75,
        TrainTotal = 300,
        TestLoss = 2.5 / epoch,
        TestAccuracyFraction = 10.0 * epoch / 50,
        TestCorrect = 10 * epoch,
        TestTotal = 50,
        TrainTimeS = 0.1 * epoch,
        EvaluationTimeS = 0.25,
        ThroughputImagesPerS = 300 / (0.1 * epoch),
        BatchNormDrift = null,
        PolicyInForce = "frozen",
        ClassSelection = "all",
        Schedule = "cosine",
        BaseLearningRateHead = 0.1,
        BaseLearningRateBackbone = 0,
        LabelSmoothing = 0,
        Augmentation = "none",
        FeatureExtractionTimeS = 0,
    };

    internal static RunRow End(IReadOnlyList<AccuracyRow> epochs) => new()
    {
        SchemaVersion = IResultRow.CurrentSchemaVersion,
        TrainableParameters = 11_181_642,
        TotalParameters = 11_181_642,
        TrainedCheckpointBytes = 44_726_568,
        Kernels = epochs[0].Kernels,
        RunId = epochs[0].RunId,
        EnvironmentId = Id,
        UtcTime = epochs[^1].UtcTime,
        Commit = Commit,
        Dirty = false,
        Dataset = epochs[0].Dataset,
        DataHash = epochs[0].DataHash,
        Backbone = epochs[0].Backbone,
        Weights = epochs[0].Weights,
        Policy = epochs[0].Policy,
        ClassSelection = epochs[0].ClassSelection,
        Classes = epochs[0].Classes,
        Seed = epochs[0].Seed,
        ResolutionPx = epochs[0].ResolutionPx,
        BatchSize = epochs[0].BatchSize,
        Device = epochs[0].Device,
        Deterministic = true,
        Status = epochs.Count == epochs[0].Epochs ? RunRow.Finished : RunRow.Interrupted,
        Resumptions = 0,
        EpochsDone = epochs.Count,
        Epochs = epochs[0].Epochs,
        TrainTimeS = epochs.Sum(row => row.TrainTimeS),
        EvaluationTimeS = epochs.Sum(row => row.EvaluationTimeS),
        TestAccuracyFraction = epochs[^1].TestAccuracyFraction,
        TargetAccuracyFraction = null,
        EpochsToTarget = null,
        TargetTrainTimeS = null,
        FinalWeightsSha256 = new string('b', 64),
        Precision = epochs[0].Precision,
    };

    /// <summary>Overwrites one cell. No cell of a made-up file has a comma in it.</summary>
    internal void Edit(string file, int line, string column, string value) => Change(file, lines =>
    {
        var cells = lines[line - 1].Split(',');
        cells[Array.IndexOf(lines[0].Split(','), column)] = value;
        lines[line - 1] = string.Join(',', cells);
    });

    /// <summary>Changes a file's lines; the first is line 1.</summary>
    internal void Change(string file, Action<List<string>> change)
    {
        var path = Path.Combine(Folder, file);
        var lines = File.ReadAllLines(path).ToList();
        change(lines);
        File.WriteAllText(path, string.Concat(lines.Select(line => line + "\n")));
    }

    /// <summary>Every file with its bytes, to compare before and after.</summary>
    internal static SortedDictionary<string, string> Contents(string root) => new(
        Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetRelativePath(root, file), File.ReadAllText),
        StringComparer.Ordinal);

    public void Dispose() => Directory.Delete(top, recursive: true);
}
