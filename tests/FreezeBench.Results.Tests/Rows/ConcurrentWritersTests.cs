using System.Diagnostics;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Results.Tests.Rows;

public sealed class ConcurrentWritersTests : IDisposable
{
    /// <summary>Set for a child process only: the folder it appends to.</summary>
    private const string FolderVariable = "FREEZEBENCH_TEST_APPEND_TO";
    private const int RowsPerWriter = 40;

    private readonly Temporary temporary = new();

    /// <summary>Below the temporary folder, where a killed child leaves things of its own (its runtime's sockets).</summary>
    private string Results => Path.Combine(temporary.Folder, "results");

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Threads_LoseNoRow()
    {
        Parallel.For(0, 4, writer =>
        {
            for (var row = 0; row < RowsPerWriter; row++)
                new ResultStore(Results).Append(Examples.Accuracy(writer * RowsPerWriter + row));
        });

        Assert.Equal(Enumerable.Range(0, 4 * RowsPerWriter), new ResultStore(Results).Read<AccuracyRow>().Select(row => row.Epoch).Order());
    }

    [Fact]
    public void Processes_LoseNoRow()
    {
        Process[] writers = [Start(), Start()];
        foreach (var writer in writers)
        {
            var output = writer.StandardOutput.ReadToEnd();
            writer.WaitForExit();
            Assert.True(writer.ExitCode == 0, output);
        }

        Assert.Equal(2 * RowsPerWriter, new ResultStore(Results).Read<AccuracyRow>().Count);
    }

    [Fact]
    public void KilledWriter_LeavesAWholeFileAndNoLock()
    {
        var path = Path.Combine(Results, AccuracyRow.FileName);
        using (var writer = Start(endless: true))
        {
            Assert.True(SpinWait.SpinUntil(() => File.Exists(path), TimeSpan.FromSeconds(60)));
            writer.Kill();
            writer.WaitForExit();
        }

        var store = new ResultStore(Results);
        var before = store.Read<AccuracyRow>().Count;
        store.Append(Examples.Accuracy(1));
        Assert.Equal(before + 1, store.Read<AccuracyRow>().Count);
        Assert.Equal([".results.lock", "accuracy.csv"], Directory.EnumerateFiles(Results).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void KilledWritersOfTwoFiles_LeaveBothOrNone()
    {
        // A long run: FREEZEBENCH_KILLS.
        var kills = int.Parse(Environment.GetEnvironmentVariable("FREEZEBENCH_KILLS") ?? "6", System.Globalization.CultureInfo.InvariantCulture);
        new ResultStore(Results).WriteEnvironment(Examples.Cpu);
        var random = new Random(Environment.TickCount);
        for (var kill = 0; kill < kills; kill++)
        {
            using var writer = Start(endless: true, "*.Child_AppendsTwoFiles");
            var before = Cases().Count;
            Assert.True(SpinWait.SpinUntil(() => Cases().Count > before, TimeSpan.FromSeconds(60)));
            // Somewhere within its next writes.
            SpinWait.SpinUntil(() => false, TimeSpan.FromMilliseconds(random.Next(30)));
            writer.Kill();
            writer.WaitForExit();
            Assert.All(Cases(), measured => Assert.Equal(Samples.Length, measured.SamplesMs.Count));
            Assert.Equal(Samples.Length * Cases().Count, new ResultStore(Results).Read<SampleRow>().Count);
        }
    }

    /// <summary>Not a test of its own either.</summary>
    [Fact]
    public void Child_AppendsTwoFiles()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "Runs only in the child processes of the other tests here.");
        for (var number = 0; ; number++)
        {
            var stamp = Examples.Stamp with { RunId = $"20260203T040506Z-{Guid.NewGuid().ToString("N")[..8]}" };
            new ResultStore(folder!).Append<SampleRow, BenchmarkRow>([.. Examples.Measurement.ToSampleRows(stamp)], [Examples.Measurement.ToRow(stamp)]);
        }
    }

    private static SampleRow[] Samples => [.. Examples.Measurement.ToSampleRows(Examples.Stamp)];

    private IReadOnlyList<FreezeBench.Results.Sets.MeasuredCase> Cases() => FreezeBench.Results.Sets.ResultSet.Load(Results).Environments.Single().Cases;

    /// <summary>Not a test of its own: what the processes of the tests above do.</summary>
    [Fact]
    public void Child_AppendsRowByRow()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "Runs only in the child processes of the other tests here.");
        var rows = Environment.GetEnvironmentVariable(FolderVariable + "_ENDLESSLY") is null ? RowsPerWriter : int.MaxValue;
        for (var row = 0; row < rows; row++)
            new ResultStore(folder!).Append(Examples.Accuracy(row));
    }

    private Process Start(bool endless = false, string child = "*.Child_AppendsRowByRow")
    {
        var assembly = Path.ChangeExtension(typeof(ConcurrentWritersTests).Assembly.Location, ".dll");
        var start = new ProcessStartInfo("dotnet", ["exec", assembly, "-method", child, "-noColor"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = temporary.Folder,
            // The child makes a temporary folder too, and one that is killed cannot remove it.
            Environment = { [FolderVariable] = Results, ["TMPDIR"] = temporary.Folder, ["TMP"] = temporary.Folder },
        };
        if (endless)
            start.Environment[FolderVariable + "_ENDLESSLY"] = "1";
        return Process.Start(start)!;
    }
}
