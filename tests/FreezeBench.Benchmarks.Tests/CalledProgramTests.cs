using System.Numerics;
using FreezeBench.Benchmarks.Tests.Faults;
using FreezeBench.Benchmarks.Tests.Processes;
using FreezeBench.Faults;
using FreezeBench.Networks.Catalog;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Benchmarks.Tests;

/// <summary>The program as its Main calls it, where how its process starts and ends is not the question.</summary>
[Collection(ProgramHere.Collection)]
public sealed class CalledProgramTests(RunInRounds inRounds) : IClassFixture<RunInRounds>, IDisposable
{
    // Layer 4 of a ResNet sees images of one pixel.
    internal static IReadOnlyList<string> UnwrittenGradients { get; } = ["--device", "cpu", "--threads", "1", "--precision", "bf16", "--policies", "from-layer4", "--resolution", "16"];

    internal const string MessageOfUnwrittenGradients =
        "Error: resnet18 at 16 px, from-layer4, bf16: a convolution of layer4 sees images narrower than its stride, and there libtorch's gradient in bf16 is made of memory that nobody wrote. "
        + "Pass a larger --resolution, another --precision, or a policy that does not train layer4.\n";

    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // A message, and nothing that was measured.
    private string Refused(params string[] arguments)
    {
        var (exitCode, output) = ProgramHere.Run([.. arguments, "--out", folder]);
        Assert.True(exitCode == 2, output);
        Assert.DoesNotContain("[ 1/", output, StringComparison.Ordinal);
        return output[output.IndexOf("Error: ", StringComparison.Ordinal)..].ReplaceLineEndings("\n");
    }

    private static string Words(string output) => string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

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
    public void Scaling_WritesARowForEverySize_AndWhatAnEpochIsMadeOf()
    {
        Assert.SkipUnless(BothPrograms.Measure, BothPrograms.DebugRefusal);
        var (exitCode, output) = ProgramHere.Run(
            "--quick", "--device", "cpu", "--suites", "scaling", "--policies", "frozen-cached", "--network", ProgramHere.Network, "--resolution", "16", "--batch-size", "4", "--images-per-epoch", "16",
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

    [Fact]
    public void Profile_WritesItsFileWhereOutSays_AndNoRows()
    {
        Assert.SkipUnless(BothPrograms.Measure, BothPrograms.DebugRefusal);
        var (exitCode, output) = ProgramHere.Run(
            "--profile", "--quick", "--device", "cpu", "--network", ProgramHere.Network, "--policies", "from-layer4,frozen-cached", "--resolution", "16", "--batch-size", "2", "--images-per-epoch", "4", "--threads", "1", "--out", folder);

        Assert.True(exitCode == 0, output);
        Assert.Equal(["profile.csv"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName));
        var lines = File.ReadAllLines(Path.Combine(folder, "profile.csv"));
        Assert.All(lines, line => Assert.Equal(lines[0].Split(',').Length, line.Split(',').Length));
        Assert.Contains(lines, line => line.StartsWith("thin,16,2,fp32,channels-last,1,cpu,from-layer4,backward,layer4.0.conv1,", StringComparison.Ordinal));
        Assert.Contains("times the undisturbed phases", output, StringComparison.Ordinal);
    }

    [Fact]
    public void BatchThatDoesNotFit_IsOneMessage_WithWhatWould_AndExitCode2()
    {
        Assert.SkipUnless(BothPrograms.Measure, BothPrograms.DebugRefusal);
        // The batch alone would take more than twice the memory: the allocator does not give that, and says so at once. Its images are made five times.
        const int ImageBytes = 12 << 20;
        var batch = 2L << BitOperations.Log2((ulong)((DeviceMemory.OfHost()?.TotalBytes ?? 192L << 30) * 2 / ImageBytes));
        Assert.SkipWhen(batch > 65536, "It might fit here.");
        var (exitCode, output) = ProgramHere.Run(
            "--quick", "--device", "cpu", "--suites", "step", "--network", ProgramHere.Network, "--policies", "fine-tune,from-layer4", "--resolution", "1024", "--batch-size", $"{batch}", "--images-per-epoch", $"{batch}",
            "--threads", "1", "--filter", "*StepSuite.Step*", "--out", folder);

        Assert.True(exitCode == 2, output);
        // One for each policy, whatever its kernels, and nothing besides: of three cases, two of them of fine-tune.
        Assert.Equal(2, output.Split("Out of memory: ").Length - 1);
        Assert.Contains($"Error: Out of memory: --batch-size {batch} at 1024 px with fine-tune ({ProgramHere.Network}, fp32) does not fit on cpu, which has ", output, StringComparison.Ordinal);
        Assert.Contains($"Out of memory: --batch-size {batch} at 1024 px with from-layer4 ({ProgramHere.Network}, fp32)", output, StringComparison.Ordinal);
        Assert.Contains("The largest power of two that should fit is ", output, StringComparison.Ordinal);
        Assert.Contains("libtorch says: [enforce fail at alloc_cpu.cpp", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Failed:", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(folder));
    }

    // What the accuracy runner makes of one: ProgramFaultsTests.
    [Fact]
    public void FullDisk_IsToldInALine_AndNoHalfOfAFileIsLeft()
    {
        Assert.SkipUnless(BothPrograms.Measure, BothPrograms.DebugRefusal);
        using var disk = new SmallDisk(96 << 10);
        Assert.SkipUnless(disk.IsThere, SmallDisk.Refusal);
        File.WriteAllBytes(Path.Combine(disk.Folder, "rest"), new byte[disk.Free]);
        var results = Path.Combine(disk.Folder, "results");

        var (exitCode, output) = ProgramHere.Run([.. RunningProgram.OneSmallCase.Select(word => word == RunningProgram.Network ? ProgramHere.Network : word), "--iterationCount", "2", "--warmupCount", "1", "--out", results]);

        Assert.True(exitCode == 2, output);
        Assert.Matches("Error: [^\n]*No space left on device[^\n]*\n$", output);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        // Of what a writer locks, there may be an empty file.
        Assert.DoesNotContain(Directory.GetFiles(disk.Folder, "*", SearchOption.AllDirectories), file => Path.GetExtension(file) is ".csv" or ".json");
    }

    [Fact]
    public void NetworkThatIsNoneForSuchImages_IsOneMessage_BeforeAnythingIsMeasured()
    {
        Assert.SkipUnless(BothPrograms.Measure, BothPrograms.DebugRefusal);
        var message = Refused("--quick", "--device", "cpu", "--threads", "1", "--network", "vit_tiny_patch16", "--resolution", "40");

        Assert.Equal("Error: A vision transformer cuts images into patches of 16x16 pixels: the resolution is 40 px; it must be a multiple of 16, such as 32 or 224.\n", message);
        // It is told by what builds the network, of whatever kind.
        var other = Assert.ThrowsAny<Exception>(() => NetworkCatalog.Parse("vgg16_bn").Build(10, 16).Dispose());
        Assert.Equal("vgg16_bn needs images of 32 px or more: its poolings leave nothing of 16 px. Choose a larger resolution or another network.", other.Message);
    }

    [Theory]
    [InlineData("--quick")]
    [InlineData("--profile")]
    public void GradientsOfMemoryThatNobodyWrote_AreRefused_BeforeAnythingIsMeasured(string how)
    {
        Assert.SkipUnless(BothPrograms.Measure, BothPrograms.DebugRefusal);
        Assert.EndsWith(MessageOfUnwrittenGradients, Refused([how, .. UnwrittenGradients]), StringComparison.Ordinal);
    }

    [Fact]
    public void TooManyImagesAsked_IsOneMessage()
    {
        Assert.SkipUnless(BothPrograms.Measure, BothPrograms.DebugRefusal);
        var images = Pictures.In(Path.Combine(folder, "ants-and-bees"));

        string[] asked = [.. RunningProgram.OneSmallCase, "--dataset", $"imagefolder:{images}"];
        asked[Array.IndexOf(asked, "--images-per-epoch") + 1] = "512";

        Assert.Equal("Error: --images-per-epoch is 512, but the training set has 10 images. Pass 10 or fewer.\n", Refused(asked));
    }

    [Fact]
    public void MissingDataFolder_IsNamedBeforeAnythingIsMeasured()
    {
        Assert.SkipUnless(BothPrograms.Measure, BothPrograms.DebugRefusal);

        Assert.Contains("no-such-folder' does not exist", Refused("--device", "cpu", "--threads", "1", "--dataset", "cifar10", "--data-dir", Path.Combine(folder, "no-such-folder")), StringComparison.Ordinal);
    }
}
