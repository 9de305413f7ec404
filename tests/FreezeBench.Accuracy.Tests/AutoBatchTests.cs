using System.Diagnostics;
using System.Globalization;
using FreezeBench.Programs;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Accuracy.Tests;

/// <summary>Memory that is really full: the program in a process whose address space is limited, so that libtorch's allocator fails.</summary>
public sealed class AutoBatchTests : IDisposable
{
    // The runtime and libtorch map 2.5 GB of this; some hundred MiB are left, and a batch of 256 images at 96 px takes more.
    private const int AddressSpaceKiB = 3_350_000;

    // Room for a half of it: how much a training takes beside its tensors is up to malloc and the runtime.
    private const int RoomierKiB = 3_700_000;

    private static readonly string[] tooMuch = Asking(256);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void BatchThatDoesNotFit_IsOneMessage_WithWhatWould_AndExitCode2()
    {
        var (exitCode, _, errors) = RunLimited(AddressSpaceKiB, tooMuch);

        Assert.True(exitCode == CommandLineHost.BadRequest, errors);
        var message = errors[errors.IndexOf("Error: ", StringComparison.Ordinal)..].TrimEnd().Split('\n');
        Assert.Equal(4, message.Length);
        Assert.StartsWith("Error: Out of memory: --batch-size 256 at 96 px with fine-tune (mobilenet_v3_small, fp32) does not fit on cpu, which has ", message[0], StringComparison.Ordinal);
        Assert.Matches("The largest power of two that should fit is (1|2|4|8|16|32|64|128)\\.$", message[1]);
        Assert.Contains("--auto-batch", message[2], StringComparison.Ordinal);
        // By the limit of the process it is known before the first step; where nothing limits it, libtorch says so in its own words.
        Assert.Matches("^(It was not tried: on the CPU the system would end|libtorch says: )", message[3]);
        Assert.Empty(Runner.Rows<AccuracyRow>(folder));
    }

    [Fact]
    public void AutoBatch_TrainsWithTheHalfThatFits_AsIfThatHadBeenAskedFor()
    {
        var (exitCode, output, errors) = RunLimited(RoomierKiB, [.. tooMuch, "--auto-batch"]);

        Assert.True(exitCode == 0, errors);
        var row = Assert.Single(Runner.Rows<AccuracyRow>(folder));
        Assert.Equal(256, row.AskedBatchSize);
        Assert.InRange(row.BatchSize, 1, 128);
        Assert.True(int.IsPow2(row.BatchSize));
        var line = $"fine-tune: batch size {row.BatchSize}, since 256 did not fit into memory (--auto-batch); learning rates are not changed for it";
        Assert.Contains(line, errors, StringComparison.Ordinal);
        Assert.Contains(line, string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);

        var direct = Runner.Run(Asking(row.BatchSize));
        var asked = Assert.Single(direct.Ends);
        var end = Assert.Single(Runner.Rows<RunRow>(folder));
        Assert.Equal((asked.FinalWeightsSha256, asked.BatchSize), (end.FinalWeightsSha256, end.BatchSize));
        Assert.Equal((row.BatchSize, row.BatchSize), (direct.Rows[0].BatchSize, direct.Rows[0].AskedBatchSize));
        Assert.Equal((row.TrainLoss, row.TestLoss), (direct.Rows[0].TrainLoss, direct.Rows[0].TestLoss));
    }

    [Fact]
    public void AutoBatch_LeavesASizeThatFits()
    {
        var (rows, _, _, progress) = Runner.Run([.. Runner.WithDropout, "--auto-batch", "--policies", "frozen-cached,probe-then-tune", "--epochs", "2"]);

        Assert.All(rows, row => Assert.Equal((8, 8), (row.BatchSize, row.AskedBatchSize)));
        Assert.DoesNotContain("did not fit", progress, StringComparison.Ordinal);
        var plain = Runner.Run([.. Runner.WithDropout, "--policies", "frozen-cached,probe-then-tune", "--epochs", "2"]);
        Assert.Equal(plain.Rows.Select(Learned.Of), rows.Select(Learned.Of));
    }

    // MobileNet's images take as much memory as ResNet's, and a fraction of the time.
    private static string[] Asking(int batchSize) =>
    [
        "--device", "cpu", "--threads", "1", "--dataset", "synthetic", "--network", "mobilenet_v3_small", "--policies", "fine-tune", "--resolution", "96",
        "--batch-size", batchSize.ToString(CultureInfo.InvariantCulture), "--train-limit", "256", "--test-limit", "16",
    ];

    private (int ExitCode, string Output, string Errors) RunLimited(int addressSpaceKiB, string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ulimit -v is Linux's.");
        var program = Path.Combine(AppContext.BaseDirectory, "FreezeBench.Accuracy.dll");
        var start = new ProcessStartInfo("bash", ["-c", $"ulimit -v {addressSpaceKiB} && exec dotnet \"$@\"", "bash", program, .. arguments, .. Runner.Folders(folder)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // By default the garbage collector reserves 256 GB of addresses, and malloc 64 MiB for each thread.
            Environment = { ["DOTNET_GCHeapHardLimit"] = "0x10000000", ["MALLOC_ARENA_MAX"] = "1" },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.SkipWhen(errors.Result.Contains("libtorch does not load", StringComparison.Ordinal), $"libtorch needs more than {addressSpaceKiB} KiB of addresses here.");
        return (process.ExitCode, output, errors.Result);
    }
}
