using System.Diagnostics;
using FreezeBench.Benchmarks.Tests.Build;
using Xunit;

namespace FreezeBench.Benchmarks.Tests;

/// <summary>run-benchmarks.sh with a stand-in for dotnet that only writes down how it was called.</summary>
public class RunBenchmarksScriptTests
{
    [Fact]
    public void SharedOptions_GoToBothPrograms_AndOthersToTheirOwn()
    {
        var calls = Run("--device", "cpu", "--suites", "step", "--epochs", "2", "--iterationCount", "3");

        Assert.StartsWith("build -c Release", calls[0], StringComparison.Ordinal);
        Assert.EndsWith("FreezeBench.Accuracy -- --device cpu --epochs 2 --dataset synthetic --dry-run", calls[1], StringComparison.Ordinal);
        Assert.EndsWith("bench -- --device cpu --suites step --iterationCount 3", calls[2], StringComparison.Ordinal);
        Assert.EndsWith("FreezeBench.Accuracy -- --device cpu --epochs 2 --dataset synthetic", calls[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "results")]
    [InlineData("--out /elsewhere", "/elsewhere")]
    [InlineData("--out=/elsewhere", "/elsewhere")]
    public void Report_IsMadeOfTheFolderThatWasWritten(string options, string folder) =>
        Assert.EndsWith($"FreezeBench.Tool -- report {folder} --out {folder}/report.html --out {folder}/README.md",
            Run(options.Split(' ', StringSplitOptions.RemoveEmptyEntries))[^1], StringComparison.Ordinal);

    [Fact]
    public void Quick_MakesTheAccuracyRunSmallToo_ButNotWhatWasAskedFor()
    {
        var calls = Run("--quick", "--batch-size=8");

        Assert.EndsWith("bench -- --quick --batch-size 8", calls[2], StringComparison.Ordinal);
        Assert.EndsWith("-- --batch-size 8 --dataset synthetic --train-limit 64 --test-limit 64", calls[3], StringComparison.Ordinal);
    }

    [Fact]
    public void LabelAlone_IsNotTakenForTheDataset() =>
        Assert.EndsWith("-- --dataset-label x --dataset synthetic", Run("--dataset-label", "x")[3], StringComparison.Ordinal);

    [Fact]
    public void RelativeFolders_AreSeenFromTheCaller()
    {
        var here = Path.GetTempPath().TrimEnd('/');
        var calls = Run("--dataset", "cifar10", "--data-dir", "images", "--out", "/elsewhere", "--weights", "w.pth");

        Assert.EndsWith($"bench -- --out /elsewhere --dataset cifar10 --data-dir {here}/images", calls[2], StringComparison.Ordinal);
        Assert.EndsWith($"-- --dataset cifar10 --data-dir {here}/images --out /elsewhere --weights {here}/w.pth", calls[3], StringComparison.Ordinal);
    }

    [Fact]
    public void SetThatOnlyTheAccuracyRunnerKnows_GoesToItAlone()
    {
        var calls = Run("--dataset", "imagefolder:photos", "--skip-unreadable", "--seeds", "1,2", "--device", "cpu");

        Assert.EndsWith("bench -- --device cpu", calls[2], StringComparison.Ordinal);
        Assert.Matches("-- --dataset imagefolder:/.*photos --skip-unreadable --seeds 1,2 --device cpu$", calls[3]);
    }

    [Theory]
    [InlineData("frozen,probe-then-tune", "bench -- --policies frozen")]
    [InlineData("probe-then-tune", "bench --")]
    [InlineData("all", "bench -- --policies all")]
    public void ProbeThenTune_IsNotMeasured_SinceItIsTwoPoliciesInTurn(string policies, string bench)
    {
        var calls = Run("--policies", policies);

        Assert.EndsWith(bench, calls[2].TrimEnd(), StringComparison.Ordinal);
        Assert.Contains($"--policies {policies} ", calls[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Preset_IsNotChangedByTheScriptsOwnDefaults() => Assert.EndsWith("-- --preset tutorial", Run("--preset", "tutorial")[3], StringComparison.Ordinal);

    [Fact]
    public void List_TrainsNothing() => Assert.DoesNotContain(Run("--list", "flat"), call => call.Contains("Accuracy", StringComparison.Ordinal));

    [Fact]
    public void Help_SaysHowToUseIt_AndRunsNothing()
    {
        var (calls, output, exitCode) = Start("--help");

        Assert.Empty(calls);
        Assert.Equal(0, exitCode);
        Assert.Contains("./run-benchmarks.sh --quick", output, StringComparison.Ordinal);
        Assert.DoesNotContain("set -", output, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Run(params string[] arguments)
    {
        var (calls, output, exitCode) = Start(arguments);
        Assert.True(exitCode == 0, output);
        return calls;
    }

    private static (IReadOnlyList<string> Calls, string Output, int ExitCode) Start(params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script is for a Unix shell.");
        var folder = Directory.CreateTempSubdirectory("freezebench-").FullName;
        try
        {
            var (log, standIn) = (Path.Combine(folder, "calls"), Path.Combine(folder, "dotnet"));
            File.WriteAllText(standIn, $"#!/bin/sh\necho \"$@\" >>'{log}'\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(standIn, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            var start = new ProcessStartInfo("bash", [Path.Combine(Shell.Root, "run-benchmarks.sh"), .. arguments])
            {
                WorkingDirectory = Path.GetTempPath(),
                RedirectStandardOutput = true,
            };
            start.Environment["PATH"] = $"{folder}:{start.Environment["PATH"]}";
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (File.Exists(log) ? File.ReadAllLines(log) : [], output, process.ExitCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
