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

    /// <summary>Not a test of its own: what the processes of the tests above do.</summary>
    [Fact]
    public void Child_AppendsRowByRow()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "Runs only in the child processes of the other tests here.");
        for (var row = 0; row < RowsPerWriter; row++)
            new ResultStore(folder!).Append(Examples.Accuracy(row));
    }

    private Process Start()
    {
        var assembly = Path.ChangeExtension(typeof(ConcurrentWritersTests).Assembly.Location, ".dll");
        var start = new ProcessStartInfo("dotnet", ["exec", assembly, "-method", "*.Child_AppendsRowByRow", "-noColor"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = temporary.Folder,
            // The child makes a temporary folder too, and one that is killed cannot remove it.
            Environment = { [FolderVariable] = Results, ["TMPDIR"] = temporary.Folder, ["TMP"] = temporary.Folder },
        };
        return Process.Start(start)!;
    }
}
