using System.Numerics;
using FreezeBench.Benchmarks.Tests.Build;
using FreezeBench.Benchmarks.Tests.Processes;
using FreezeBench.Networks.Catalog;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Benchmarks.Tests;

/// <summary>The program as a user starts it: a process with a command line.</summary>
public class BenchmarkProgramTests(TwoRuns pair, RunInRounds inRounds) : IClassFixture<TwoRuns>, IClassFixture<RunInRounds>
{
    private static readonly string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static (int ExitCode, string Output) Run(params string[] arguments) =>
        Shell.Dotnet(Shell.Root, [Path.Combine(Shell.Root, "bench", "bin", configuration, "net10.0", "FreezeBench.Benchmarks.dll"), .. arguments]);

    private static string Words(string output) => string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void SmallRun_MeasuresInAProcessOfItsOwn_AndWritesRowsWithTheirSamples()
    {
        var (exitCode, output) = pair.Other;

        Assert.True(exitCode == 0, output);
        var (rows, samples) = (pair.OthersRows.Where(row => row.Policy == "frozen-cached").ToList(), pair.Samples);
        Assert.Equal(["step_synchronised", "data", "zero_grad", "forward", "loss", "backward", "optimizer"], rows.Select(row => row.Phase));
        Assert.All(rows, row =>
        {
            Assert.Equal(("step", "frozen-cached", RunningProgram.Network, 16, 4, 4, 1, "cpu"), (row.Suite, row.Policy, row.Backbone, row.ResolutionPx, row.BatchSize, row.Images, row.Threads, row.Device));
            Assert.Equal(Path.GetFileName(pair.Machine), row.EnvironmentId);
            Assert.Equal(row.SampleCount, samples.Count(sample => CaseKey.Of(sample) == CaseKey.Of(row)));
            Assert.True(row.OperationsPerSample > 1, "A step on cached features is far below the length of an iteration.");
            Assert.True(row is { PeakMemoryBytes: > 0, MemorySource: MemorySource.ResidentPeak, BoundBy: null, DeviceTimeMs: null, ClockStartMhz: null });
        });
        // The phases are parts of the very steps whose whole BenchmarkDotNet timed.
        Assert.InRange(rows.Skip(1).Sum(row => row.MeanMs), 0.3 * rows[0].MeanMs, rows[0].MeanMs);
        var environment = EnvironmentFile.Read(Path.Combine(pair.Machine, EnvironmentFile.FileName));
        Assert.Equal(Path.GetFileName(pair.Machine), environment.Id);
        Assert.NotEqual(Unknown.Text, environment.Torch.BenchmarkDotNetVersion);
        Assert.Contains("frozen-cached", output, StringComparison.Ordinal);
        Assert.Contains("not standard", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Rounds_AreRunsOfTheirOwn_EachWithAllCases()
    {
        var (exitCode, output) = inRounds.Ended;

        Assert.True(exitCode == 0, output);
        var (rows, samples) = (inRounds.Rows, inRounds.Samples);
        Assert.Equal((2, 2), (rows.Count, rows.Select(row => row.RunId).Distinct().Count()));
        Assert.All(rows, row => Assert.Equal(row.SampleCount, samples.Count(sample => CaseKey.Of(sample) == CaseKey.Of(row))));
        Assert.True(rows[0].UtcTime < rows[1].UtcTime);
        Assert.Single(rows.Select(row => (row.Node, row.Commit)).Distinct());
        Assert.True(!OperatingSystem.IsLinux() || rows.All(row => row.OthersBusyCores >= 0), "Linux tells what others do.");
        Assert.True(output.IndexOf("round 1 of 2", StringComparison.Ordinal) < output.IndexOf("round 2 of 2", StringComparison.Ordinal), output);
        Assert.Contains("2 rounds of the 3 that bounds need (--repeat 3)", Words(output), StringComparison.Ordinal);
    }

    [Fact]
    public void WorkloadThatDoesNotFitIntoTheTime_IsLeftOut_InEveryRound_AndTheReasonIsSaid()
    {
        var (exitCode, output) = inRounds.Ended;

        Assert.True(exitCode == 0, output);
        Assert.Equal(["fp32", "fp32"], inRounds.Rows.Select(row => row.Precision));
        var text = Words(output);
        Assert.Contains("workload resnet18-32px-bf16 (standard-1), where it fits into 0:00", text, StringComparison.Ordinal);
        Assert.Contains("cases 1 a workload, each in a process of its own, in each of 2 rounds", text, StringComparison.Ordinal);
        Assert.Contains("Not measured of the standard workloads (--workload NAME asks for one): resnet18-32px-bf16 it could take 0:", text, StringComparison.Ordinal);
        Assert.Contains(" before it, and a round has 0:00", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Workloads_AreListed_AndMeasureNothing()
    {
        using var output = new TestConsole();
        output.Profile.Width = 2000;

        Assert.Equal(0, BenchmarkProgram.Run(["--list-workloads", "--device", "cpu"], output, output));
        Assert.Contains("resnet18-32px-fp32: resnet18, 32 px, batch 128, 1024 images an epoch, fp32", output.Output, StringComparison.Ordinal);
        Assert.Contains("Not here: TF32 is arithmetic of NVIDIA GPUs.", output.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void BothKernels_AreCasesOfTheirOwn_WithRowsAndTablesOfTheirOwn()
    {
        var (exitCode, output) = pair.Other;

        Assert.True(exitCode == 0, output);
        var (rows, samples) = (pair.OthersRows, pair.Samples);
        // Nobody asks for kernels: plain ones for the two ends of the question, of which one is asked for.
        Assert.Equal(
            [("frozen", KernelKind.Fast, "channels-last"), ("frozen", KernelKind.Plain, "contiguous"), ("frozen-cached", KernelKind.Fast, "channels-last")],
            rows.Select(row => (row.Policy, row.Kernels, row.MemoryFormat)).Distinct().OrderBy(row => row.Policy, StringComparer.Ordinal).ThenByDescending(row => row.Kernels));
        Assert.All(rows.GroupBy(row => (row.Policy, row.Kernels)), ofCase => Assert.Equal(7, ofCase.Count()));
        Assert.Equal(rows.Count, rows.Select(CaseKey.Of).Distinct().Count());
        Assert.All(rows, row => Assert.Equal(row.SampleCount, samples.Count(sample => CaseKey.Of(sample) == CaseKey.Of(row))));
        // The parts of a step are those of the case's own process.
        Assert.Equal(3, rows.Where(row => row.Phase == "forward").Select(row => row.MeanMs).Distinct().Count());
        Assert.All(rows.GroupBy(row => row.Policy), policy => Assert.Single(policy.Select(row => (row.TrainableParameters, row.TotalParameters)).Distinct()));
        Assert.All(["frozen (plain)", "frozen-cached "], line => Assert.Contains(line, output, StringComparison.Ordinal));
        Assert.DoesNotContain("frozen-cached (plain)", output, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAnSdk_ItRuns_AsTheUserAsksBenchmarkDotNetTo_AndWritesNothingBesideTheProgram()
    {
        var (exitCode, output) = pair.WithoutSdk;

        Assert.True(exitCode == 0, output);
        // Adapters are measured as all policies are.
        Assert.Contains(pair.Rows, row => (row.SampleCount, row.Policy, row.Kernels) == (3, "lora:2", KernelKind.Fast));
        Assert.Equal(pair.Before, pair.After);
    }

    [Fact]
    public void TwoRunsAtOnce_FromOneBuild_BothSucceed()
    {
        Assert.All([pair.WithoutSdk, pair.Other], run => Assert.True(run.ExitCode == 0, run.Output));
        Assert.Equal([3, 4], pair.Rows.Select(row => row.SampleCount).Distinct().Order());
        Assert.Equal(2, pair.Rows.Select(row => row.RunId).Distinct().Count());
    }

    [Fact]
    public void Scaling_WritesARowForEverySize_AndWhatAnEpochIsMadeOf()
    {
        Assert.SkipUnless(configuration == "Release", "A Debug build refuses to measure; run: dotnet test -c Release.");
        var folder = Directory.CreateTempSubdirectory("freezebench-").FullName;
        try
        {
            var (exitCode, output) = Run(
                "--quick", "--device", "cpu", "--suites", "scaling", "--policies", "frozen-cached", "--resolution", "16", "--batch-size", "4", "--images-per-epoch", "16",
                "--batch-sizes", "2", "--resolutions", "16,24", "--threads", "1", "--iterationCount", "2", "--out", folder);

            Assert.True(exitCode == 0, output);
            var machine = Assert.Single(Directory.GetDirectories(folder));
            var rows = ResultStore.Read<BenchmarkRow>(Path.Combine(machine, BenchmarkRow.FileName));
            var samples = ResultStore.Read<SampleRow>(Path.Combine(machine, SampleRow.FileName));
            Assert.Equal(
                [
                    ("step", 2, 16, 2), ("step", 2, 24, 2), ("epochs_in_turn", 4, 16, 28),
                    ("epoch_of_4", 4, 16, 4), ("epoch_of_8", 4, 16, 8), ("epoch_of_16", 4, 16, 16),
                    ("overhead_and_step", 4, 16, 4), ("harness_overhead", 2, 32, 2), ("paired_step", 4, 16, 4),
                ],
                // BenchmarkDotNet sorts sizes as texts.
                rows.OrderBy(row => row.Phase != "step").ThenBy(row => row.Phase == "step" ? (row.ResolutionPx, row.BatchSize) : default)
                    .Select(row => (row.Phase, row.BatchSize, row.ResolutionPx, row.Images)));
            Assert.All(rows, row =>
            {
                Assert.Equal("scaling", row.Suite);
                Assert.Equal(row.SampleCount, samples.Count(sample => CaseKey.Of(sample) == CaseKey.Of(row)));
                // A whole, an overhead and several epochs are not one count of operations.
                Assert.Equal(row.Phase is not ("epochs_in_turn" or "overhead_and_step" or "harness_overhead"), row.FlopsUtilisation > 0);
            });
            Assert.Equal(rows.Count, rows.Select(CaseKey.Of).Distinct().Count());
            Assert.Contains("24 px", output, StringComparison.Ordinal);
            Assert.Contains("off that line", output, StringComparison.Ordinal);
            Assert.Contains("beside libtorch's work", output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Profile_WritesItsFileWhereOutSays_AndNoRows()
    {
        Assert.SkipUnless(configuration == "Release", "A Debug build refuses to measure; run: dotnet test -c Release.");
        var folder = Directory.CreateTempSubdirectory("freezebench-").FullName;
        try
        {
            var (exitCode, output) = Run(
                "--profile", "--quick", "--device", "cpu", "--policies", "from-layer4,frozen-cached", "--resolution", "16", "--batch-size", "2", "--images-per-epoch", "4", "--threads", "1", "--out", folder);

            Assert.True(exitCode == 0, output);
            Assert.Equal(["profile.csv"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName));
            var lines = File.ReadAllLines(Path.Combine(folder, "profile.csv"));
            Assert.All(lines, line => Assert.Equal(lines[0].Split(',').Length, line.Split(',').Length));
            Assert.Contains(lines, line => line.StartsWith("resnet18,16,2,fp32,channels-last,1,cpu,from-layer4,backward,layer4.0.conv1,", StringComparison.Ordinal));
            Assert.Contains("times the undisturbed phases", output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void BatchThatDoesNotFit_IsOneMessage_WithWhatWould_AndExitCode2()
    {
        Assert.SkipUnless(configuration == "Release", "A Debug build refuses to measure; run: dotnet test -c Release.");
        // The batch alone would take more than twice the memory: the allocator does not give that, and says so at once. Its images are made five times.
        const int ImageBytes = 12 << 20;
        var batch = 2L << BitOperations.Log2((ulong)((DeviceMemory.OfHost()?.TotalBytes ?? 192L << 30) * 2 / ImageBytes));
        Assert.SkipWhen(batch > 65536, "It might fit here.");
        var folder = Directory.CreateTempSubdirectory("freezebench-").FullName;
        try
        {
            var (exitCode, output) = Run(
                "--quick", "--device", "cpu", "--suites", "step", "--policies", "fine-tune,from-layer4", "--resolution", "1024", "--batch-size", $"{batch}", "--images-per-epoch", $"{batch}",
                "--threads", "1", "--filter", "*StepSuite.Step*", "--out", folder);

            Assert.True(exitCode == 2, output);
            // One for each policy, whatever its kernels, and nothing besides: of three cases, two of them of fine-tune.
            Assert.Equal(2, output.Split("Out of memory: ").Length - 1);
            Assert.Contains($"Error: Out of memory: --batch-size {batch} at 1024 px with fine-tune (resnet18, fp32) does not fit on cpu, which has ", output, StringComparison.Ordinal);
            Assert.Contains($"Out of memory: --batch-size {batch} at 1024 px with from-layer4 (resnet18, fp32)", output, StringComparison.Ordinal);
            Assert.Contains("The largest power of two that should fit is ", output, StringComparison.Ordinal);
            Assert.Contains("libtorch says: [enforce fail at alloc_cpu.cpp", output, StringComparison.Ordinal);
            Assert.DoesNotContain("Failed:", output, StringComparison.Ordinal);
            Assert.Empty(Directory.GetDirectories(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void BadRequest_IsOneMessage_AndExitCode2()
    {
        var (exitCode, output) = Run("--device", "tpu", "--batch-size", "-1");

        Assert.Equal(2, exitCode);
        Assert.Equal(
            "Error: Unknown device 'tpu'. Valid values: auto, cpu, cuda, cuda:N, mps (N: index of the GPU, from 0; mps: an Apple GPU).\n"
            + "--batch-size is '-1'; it must be a whole number from 1 to 65536.\nSee --help for every option.\n", output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void NetworkThatIsNoneForSuchImages_IsOneMessage_BeforeAnythingIsMeasured()
    {
        Assert.SkipUnless(configuration == "Release", "A Debug build refuses to measure; run: dotnet test -c Release.");
        var (exitCode, output) = Run("--quick", "--device", "cpu", "--threads", "1", "--network", "vit_tiny_patch16", "--resolution", "40");

        Assert.Equal(2, exitCode);
        Assert.Equal("Error: A vision transformer cuts images into patches of 16x16 pixels: the resolution is 40 px; it must be a multiple of 16, such as 32 or 224.\n", output.ReplaceLineEndings("\n"));
        // It is told by what builds the network, of whatever kind.
        var other = Assert.ThrowsAny<Exception>(() => NetworkCatalog.Parse("vgg16_bn").Build(10, 16).Dispose());
        Assert.Equal("vgg16_bn needs images of 32 px or more: its poolings leave nothing of 16 px. Choose a larger resolution or another network.", other.Message);
    }

    [Theory]
    [InlineData("from-layer4", "--quick")]
    [InlineData("from-layer4", "--profile")]
    [InlineData("from-layer4", "accuracy")]
    public void GradientsOfMemoryThatNobodyWrote_AreRefused_BeforeAnythingIsMeasured(string policy, string how)
    {
        Assert.SkipUnless(configuration == "Release", "A Debug build refuses to measure; run: dotnet test -c Release.");
        var (exitCode, output) = Run([how, "--device", "cpu", "--threads", "1", "--precision", "bf16", "--policies", policy, "--resolution", "16", .. how == "accuracy" ? ["--dataset", "synthetic"] : (string[])[]]);

        Assert.Equal(2, exitCode);
        Assert.EndsWith(
            $"Error: resnet18 at 16 px, {policy}, bf16: a convolution of layer4 sees images narrower than its stride, and there libtorch's gradient in bf16 is made of memory that nobody wrote. "
            + "Pass a larger --resolution, another --precision, or a policy that does not train layer4.\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void AccuracyAsTheFirstWord_IsTheAccuracyRunner()
    {
        Assert.Contains("accuracy --help", Run("--help").Output, StringComparison.Ordinal);
        Assert.Equal((2, "Error: --epochs"), Run("accuracy", "--epochs", "none") is var (exitCode, output) ? (exitCode, output[..15]) : default);
    }

    [Fact]
    public void MissingDataFolder_IsNamedBeforeAnythingIsMeasured()
    {
        Assert.SkipUnless(configuration == "Release", "A Debug build refuses earlier.");
        var (exitCode, output) = Run("--device", "cpu", "--dataset", "cifar10", "--data-dir", Path.Combine(AppContext.BaseDirectory, "no-such-folder"));

        Assert.Equal(2, exitCode);
        Assert.Contains("no-such-folder' does not exist", output, StringComparison.Ordinal);
        Assert.DoesNotContain("[ 1/", output, StringComparison.Ordinal);
    }

    [Fact]
    public void List_NamesTheCasesOfEverySuite()
    {
        Assert.SkipUnless(configuration == "Release", "A Debug build refuses earlier.");
        var (exitCode, output) = Run("--device", "cpu", "--suites", "all", "--list", "flat");

        Assert.Equal(0, exitCode);
        Assert.Contains("EpochSuite.Epoch", output, StringComparison.Ordinal);
        Assert.Contains("DepthSuite.Depth", output, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingLibtorch_IsOneMessage_AndExitCode2()
    {
        var folder = Directory.CreateTempSubdirectory("freezebench-").FullName;
        try
        {
            var source = Path.Combine(Shell.Root, "bench", "bin", configuration, "net10.0");
            foreach (var file in Directory.GetFiles(source).Where(file => Path.GetExtension(file) is ".dll" or ".json"))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            var (exitCode, output) = Shell.Dotnet(folder, Path.Combine(folder, "FreezeBench.Benchmarks.dll"), "--list", "flat");

            Assert.SkipWhen(configuration != "Release" && exitCode == 2, "A Debug build refuses earlier.");
            Assert.True(exitCode == 2, output);
            Assert.StartsWith("Error: ", output, StringComparison.Ordinal);
            Assert.Contains("libtorch", output, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
