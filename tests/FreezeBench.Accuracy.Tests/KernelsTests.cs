using System.Diagnostics;
using FreezeBench.Accuracy.Tests.Runs;
using FreezeBench.Faults;
using FreezeBench.Results.Rows;
using FreezeBench.Torch.Loading;
using Xunit;

namespace FreezeBench.Accuracy.Tests;

/// <summary><c>--kernels</c> in the whole program.</summary>
public class KernelsTests
{
    private const string InItsOwnProcess = "FREEZEBENCH_TEST_HEAP";

    [Fact]
    public void Both_AreTwoRuns_ThePlainFirst_WhoseRowsSaySo()
    {
        var (rows, ends, output, progress) = Runner.Run([.. Runner.Synthetic, "--policies", "frozen,lora:2", "--kernels", "both"]);

        Assert.Equal(
            [("frozen", KernelKind.Plain, "contiguous"), ("lora:2", KernelKind.Plain, "contiguous"), ("frozen", KernelKind.Fast, "channels-last"), ("lora:2", KernelKind.Fast, "channels-last")],
            rows.Select(row => (row.Policy, row.Kernels, row.MemoryFormat)));
        Assert.Equal(rows.Select(row => (row.Policy, row.Kernels)), ends.Select(end => (end.Policy, end.Kernels)));
        foreach (var (plain, fast) in rows.Take(2).Zip(rows.Skip(2)))
            Assert.Equal(plain.TrainLoss, fast.TrainLoss, 1e-3);
        Assert.All(ends.GroupBy(end => end.Policy), runs => Assert.Single(runs.Select(run => (run.TrainableParameters, run.TotalParameters)).Distinct()));
        Assert.True(ends[1].TrainableParameters > ends[0].TrainableParameters && ends[1].TotalParameters > ends[0].TotalParameters);
        Assert.Contains("plain and fast kernels", progress, StringComparison.Ordinal);
        Assert.Contains("frozen (plain)", output, StringComparison.Ordinal);
    }

    [Fact]
    public void BothStoppedInTheSecond_GoOn_AndLearnTheSame()
    {
        string[] arguments = ["--policies", "lora:2", "--epochs", "2", "--kernels", "both"];
        using StoppableRun whole = new(arguments), stopped = new(arguments);
        whole.Train(new Watcher());
        using (var stop = new CancellationTokenSource())
        {
            var runs = 0;
            stopped.Train(new Watcher { OnEpoch = row => runs += Cancelled(stop, row is { Kernels: KernelKind.Fast, Epoch: 1 }) }, stop);
            Assert.Equal(1, runs);
        }
        // The program leaves out what had ended; here each is trained again, and the plain run comes to the rows that are there.
        stopped.Train(new Watcher());

        Assert.Equal(Rows(whole), Rows(stopped));
        Assert.Equal(
            [(KernelKind.Plain, RunRow.Finished), (KernelKind.Fast, RunRow.Interrupted), (KernelKind.Plain, RunRow.Finished), (KernelKind.Fast, RunRow.Finished)],
            stopped.Store.Read<RunRow>().Select(end => (end.Kernels, end.Status)));
        Assert.Equal(
            whole.Store.Read<RunRow>().Select(end => end.FinalWeightsSha256), stopped.Store.Read<RunRow>().TakeLast(2).Select(end => end.FinalWeightsSha256));
    }

    /// <summary>What is done to the heap cannot be taken back, so the process is its own: this program once more, for the test below.</summary>
    [Fact]
    public void PlainRun_LeavesTheProcessesHeapAsItIs_AndFastKernelsDoNot()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(KernelsTests).Assembly.Location, "-noLogo", "-method", $"{typeof(KernelsTests).FullName}.{nameof(HeapOfAProcess_IsThatOfItsKernels)}"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[InItsOwnProcess] = "1";
        start.Environment.Remove(ChildRuntime.HeapTunables);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("Total: 1", output, StringComparison.Ordinal);
        Assert.Contains("Skipped: 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public void HeapOfAProcess_IsThatOfItsKernels()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(InItsOwnProcess) is null, "In a process of its own alone: the test above starts it.");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only glibc has the setting.");
        Runner.Run([.. Runner.Synthetic, "--policies", "frozen", "--kernels", "plain"]);
        Assert.False(HeapSettings.KeepsFreedMemory);
        Runner.Run([.. Runner.Synthetic, "--policies", "frozen", "--kernels", "both"]);
        Assert.True(HeapSettings.KeepsFreedMemory);
    }

    private static IEnumerable<object> Rows(StoppableRun run) => run.Store.Read<AccuracyRow>().Select(row => (object)(row.Kernels, Learned.Of(row)));

    private static int Cancelled(CancellationTokenSource stop, bool now)
    {
        if (now)
            stop.Cancel();
        return now ? 1 : 0;
    }
}
