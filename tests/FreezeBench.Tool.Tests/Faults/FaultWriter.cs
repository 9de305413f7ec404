using System.Diagnostics;
using System.Globalization;
using FreezeBench.Faults;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using FreezeBench.Tool.Tests.Commands;

namespace FreezeBench.Tool.Tests.Faults;

/// <summary>Writes to a results folder as a benchmark run and a training do, and says what is written: on what was said one may rely.</summary>
internal static class FaultWriter
{
    /// <summary>What it says when it has written all that it was asked for.</summary>
    internal const string Done = "done";

    private const string FolderVariable = "FREEZEBENCH_TEST_WRITE_TO", NumberVariable = "FREEZEBENCH_TEST_WRITER", RunsVariable = "FREEZEBENCH_TEST_RUNS";

    /// <summary>Whether this process is one.</summary>
    internal static bool IsAsked => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 };

    /// <summary>A process of these tests that is one.</summary>
    /// <param name="folder">The environment's.</param>
    /// <param name="number">Of the writer: no two of a folder have the same.</param>
    /// <param name="runs">That it writes; 0: until it is killed.</param>
    internal static Process Start(string folder, int number, int runs = 0) => ProgramRun.Start(
        typeof(FaultWriter).Assembly.Location, [], "true", "",
        new(FolderVariable, folder), new(NumberVariable, $"{number}"), new(RunsVariable, $"{runs}"));

    /// <summary>The process of <see cref="Start"/>.</summary>
    internal static int Run()
    {
        string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set.");
        var (folder, writer, runs) = (Variable(FolderVariable), int.Parse(Variable(NumberVariable), CultureInfo.InvariantCulture), int.Parse(Variable(RunsVariable), CultureInfo.InvariantCulture));
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        for (var run = 0; runs == 0 || run < runs; run++)
            Write(folder, writer, run, output.WriteLine);
        output.WriteLine(Done);
        return 0;
    }

    /// <summary>One run: a case with its samples in one step, three epochs and an end.</summary>
    /// <param name="folder">As in <see cref="Start"/>.</param>
    /// <param name="writer">As in <see cref="Start"/>.</param>
    /// <param name="run">Its number.</param>
    /// <param name="says">Gets a line for everything that is written, once it is.</param>
    /// <exception cref="UserErrorException">The folder takes no more.</exception>
    internal static void Write(string folder, int writer, int run, Action<string> says)
    {
        var store = new ResultStore(folder);
        var time = new DateTime(2026, 2, 3, 0, 0, 0, DateTimeKind.Utc).AddSeconds(run);
        var id = string.Create(CultureInfo.InvariantCulture, $"{time:yyyyMMdd'T'HHmmss'Z'}-{writer:x8}");
        var stamp = MadeUpResults.Stamp(id);
        store.Append<SampleRow, BenchmarkRow>([.. MadeUpResults.Measurement.ToSampleRows(stamp)], [MadeUpResults.Measurement.ToRow(stamp)]);
        says(Case(id));
        AccuracyRow[] epochs = [MadeUpResults.Epoch(id, 1, 1), MadeUpResults.Epoch(id, 1, 2), MadeUpResults.Epoch(id, 1, 3)];
        foreach (var epoch in epochs)
        {
            store.Append(epoch);
            says(Epoch(epoch));
        }
        store.Append(MadeUpResults.End(epochs));
        says(End(id));
    }

    /// <summary>All that a folder holds, in the words in which writers say it; a case counts with its samples only.</summary>
    internal static HashSet<string> Written(string folder)
    {
        var store = new ResultStore(folder);
        var samples = store.Read<SampleRow>().GroupBy(row => row.RunId).ToDictionary(run => run.Key, run => run.Count());
        return
        [
            .. store.Read<BenchmarkRow>().Where(row => samples.GetValueOrDefault(row.RunId) == MadeUpResults.Measurement.SamplesMs.Count).Select(row => Case(row.RunId)),
            .. store.Read<AccuracyRow>().Select(Epoch),
            .. store.Read<RunRow>().Select(row => End(row.RunId)),
        ];
    }

    private static string Case(string id) => $"case {id}";

    private static string Epoch(AccuracyRow row) => string.Create(CultureInfo.InvariantCulture, $"epoch {row.RunId} {row.Seed} {row.Epoch}");

    private static string End(string id) => $"end {id}";
}
