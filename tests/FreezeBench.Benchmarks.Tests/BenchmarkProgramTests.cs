using FreezeBench.Benchmarks.Tests.Build;
using FreezeBench.Benchmarks.Tests.Processes;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Benchmarks.Tests;

/// <summary>The program as a user starts it: a process with a command line.</summary>
public class BenchmarkProgramTests(TwoRuns pair) : IClassFixture<TwoRuns>
{
    private static readonly string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static (int ExitCode, string Output) Run(params string[] arguments) =>
        Shell.Dotnet(Shell.Root, [Path.Combine(Shell.Root, "bench", "bin", configuration, "net10.0", "FreezeBench.Benchmarks.dll"), .. arguments]);

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
        Assert.Contains(pair.WithoutSdksRows, row => (row.SampleCount, row.Policy, row.Kernels) == (3, "lora:2", KernelKind.Fast));
        Assert.Equal(pair.Before, pair.After);
    }

    [Fact]
    public void ImagesOfAFolder_AreMeasured_AndTheRowsSayWhoseTheyAre()
    {
        Assert.True(pair.WithoutSdk.ExitCode == 0, pair.WithoutSdk.Output);
        Assert.NotEmpty(pair.WithoutSdksRows);
        Assert.All(pair.WithoutSdksRows, row => Assert.Equal(("imagefolder-ants-and-bees", 2), (row.Dataset, row.Classes)));
        Assert.Contains(pair.Samples, sample => pair.WithoutSdksRows.Select(CaseKey.Of).Contains(CaseKey.Of(sample)));
    }

    [Fact]
    public void TwoRunsAtOnce_FromOneBuild_BothSucceed()
    {
        Assert.All([pair.WithoutSdk, pair.Other], run => Assert.True(run.ExitCode == 0, run.Output));
        Assert.Equal([3, 4], pair.Rows.Select(row => row.SampleCount).Distinct().Order());
        Assert.Equal(2, pair.Rows.Select(row => row.RunId).Distinct().Count());
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
    public void AccuracyAsTheFirstWord_IsTheAccuracyRunner_WhichRefusesGradientsOfMemoryThatNobodyWroteToo()
    {
        Assert.Contains("accuracy --help", Run("--help").Output, StringComparison.Ordinal);
        // With an option that the benchmarks do not have.
        var (exitCode, output) = Run(["accuracy", "--epochs", "1", "--dataset", "synthetic", .. CalledProgramTests.UnwrittenGradients]);

        Assert.Equal(2, exitCode);
        Assert.EndsWith(CalledProgramTests.MessageOfUnwrittenGradients, output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
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
