using System.Diagnostics;
using FreezeBench.Benchmarks.Tests.Build;
using FreezeBench.Faults;
using Xunit;

namespace FreezeBench.Benchmarks.Tests;

/// <summary>run-benchmarks.sh with stand-ins for dotnet and Python that only write down how they were called.</summary>
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

    [Fact]
    public void WorkloadsAndRounds_AreTheBenchmarksOwn()
    {
        var calls = Run("--workload", "resnet18-32px-fp32", "--repeat=3", "--device", "cpu");

        Assert.EndsWith("bench -- --workload resnet18-32px-fp32 --repeat 3 --device cpu", calls[2], StringComparison.Ordinal);
        Assert.EndsWith("FreezeBench.Accuracy -- --device cpu --dataset synthetic", calls[3], StringComparison.Ordinal);
    }

    [Fact]
    public void ListOfWorkloads_TrainsNothing() => Assert.EndsWith("bench -- --list-workloads --device cpu", Run("--list-workloads", "--device", "cpu")[^1], StringComparison.Ordinal);

    [Fact]
    public void CheckOfTheDevice_TrainsNothing() => Assert.EndsWith("bench -- --gpu-check --device cpu --out /elsewhere", Run("--gpu-check", "--device", "cpu", "--out", "/elsewhere")[^1], StringComparison.Ordinal);

    [Fact]
    public void Arithmetic_IsAskedOfBothPrograms()
    {
        var calls = Run("--no-cudnn-autotune", "--precision", "bf16");

        Assert.EndsWith("bench -- --no-cudnn-autotune --precision bf16", calls[2], StringComparison.Ordinal);
        Assert.EndsWith("FreezeBench.Accuracy -- --no-cudnn-autotune --precision bf16 --dataset synthetic", calls[3], StringComparison.Ordinal);
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
    public void WeightsFromNuGet_AreNoFile() =>
        Assert.EndsWith("-- --backbone resnet20_mlnet --weights mlnet --dataset synthetic", Run("--backbone", "resnet20_mlnet", "--weights", "mlnet")[3], StringComparison.Ordinal);

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
        var (calls, output, exitCode) = Start(["--help"]);

        Assert.Empty(calls);
        Assert.Equal(0, exitCode);
        Assert.Contains("./run-benchmarks.sh --quick", output, StringComparison.Ordinal);
        Assert.DoesNotContain("set -", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Peers_RunInTurn_WithTheSameOptions_AndEndWithTheRatio()
    {
        var calls = Run("--peers", "--batch-size", "8", "--frameworks=pytorch", "--out", "/elsewhere");

        const string Both = "--batch-size 8 --out /elsewhere --suites step --policies fine-tune,frozen --resolution 32";
        const string Ours = $"bench -- {Both} --threads 2";
        const string Theirs = $"python bench/peers/pytorch_twin.py {Both} --threads 2 --frameworks pytorch";
        Assert.Equal("python -c import torch", calls[0]);
        Assert.Equal($"python bench/peers/pytorch_twin.py {Both} --frameworks pytorch --dry-run", calls[1]);
        Assert.StartsWith("build -c Release", calls[2], StringComparison.Ordinal);
        Assert.Equal([Ours, Theirs, Ours, Theirs, Ours], calls.Skip(3).Take(5).Select(call => call[Math.Max(0, call.IndexOf("bench -- ", StringComparison.Ordinal))..]));
        Assert.Matches("FreezeBench.Tool -- peers /elsewhere --since [0-9]{8}T[0-9]{6}Z$", Assert.Single(calls.Skip(8)));
    }

    [Fact]
    public void Peers_TakeWhatWasAskedFor_InsteadOfTheirDefaults()
    {
        var calls = Run("--peers", "--rounds", "1", "--suites", "epoch", "--policies", "frozen-cached", "--resolution", "64", "--batch-size", "4", "--threads", "1");

        Assert.EndsWith("bench -- --suites epoch --policies frozen-cached --resolution 64 --batch-size 4 --threads 1", calls[3], StringComparison.Ordinal);
        Assert.Equal(7, calls.Count);
    }

    [Fact]
    public void QuickPeers_HaveQuickSizes() => Assert.EndsWith(
        "bench -- --quick --suites step --policies fine-tune,frozen --resolution 32 --batch-size 16 --threads 2", Run("--quick", "--peers")[3], StringComparison.Ordinal);

    [Fact]
    public void PeersWithoutTorch_AreABadRequest_ThatSaysHowToGetIt()
    {
        var (calls, output, exitCode) = Start(["--peers"], python: "exit 1");

        Assert.Equal(2, exitCode);
        Assert.Contains("pip install torch", output, StringComparison.Ordinal);
        Assert.Equal(["python -c import torch"], calls);
    }

    [Theory]
    [InlineData("--epochs", "2")]
    [InlineData("--dataset", "cifar10")]
    [InlineData("--rounds", "0")]
    [InlineData("--workload", "all")]
    [InlineData("--repeat", "3")]
    public void PeersWithAnOptionOfOneSide_AreABadRequest(string option, string value)
    {
        var (calls, output, exitCode) = Start(["--peers", option, value]);

        Assert.Equal(2, exitCode);
        Assert.Contains(option, output, StringComparison.Ordinal);
        Assert.Empty(calls);
    }

    [Fact]
    public void PeersOptionThatTheTwinRefuses_StartsNothing()
    {
        var (calls, _, exitCode) = Start(["--peers", "--policies", "thawed"], python: "case $* in *thawed*) exit 2;; esac");

        Assert.Equal((2, 2), (exitCode, calls.Count));
    }

    [Theory]
    [InlineData("--bundle", "out.tar.zst")]
    [InlineData("--bundle=out.tar.zst")]
    public void Bundle_IsBuilt_WhereItWasAskedFor_AndNothingIsMeasured(params string[] arguments)
    {
        var (calls, output, _) = Start([.. arguments, "--without-libtorch"]);

        Assert.Equal([$"build -c Release -v quiet -nologo -t:Bundle src/FreezeBench.Bundle -p:BundleFile={Path.GetTempPath().TrimEnd('/')}/out.tar.zst -p:BundleWithLibtorch=false"], calls);
        // The stand-in made no archive whose size could be said.
        Assert.Contains("out.tar.zst", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--bundle needs the name of a file", "--bundle")]
    [InlineData("it does not take --quick --device", "--bundle", "a.tar.gz", "--quick", "--device", "cpu")]
    [InlineData("it does not take --auto-batch", "--auto-batch", "--bundle", "a.tar.gz")]
    [InlineData("--without-libtorch says what is in a bundle", "--without-libtorch")]
    public void BundleWithAnythingElse_IsABadRequest(string message, params string[] arguments)
    {
        var (calls, output, exitCode) = Start(arguments);

        Assert.Equal(2, exitCode);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.Empty(calls);
    }

    [Fact]
    public void InABundle_ItsOwnProgramsRun_WithoutDotnet_AndResultsAreTheCallers()
    {
        var (calls, output, exitCode) = Start(["--quick", "--device", "cpu"], bundle: true);

        Assert.True(exitCode == 0, output);
        Assert.Equal(
            [
                "accuracy --device cpu --dataset synthetic --train-limit 64 --test-limit 64 --batch-size 16 --dry-run", "bench --quick --device cpu",
                "accuracy --device cpu --dataset synthetic --train-limit 64 --test-limit 64 --batch-size 16", "freezebench report results --out results/report.html --out results/README.md",
            ],
            calls);
    }

    [Fact]
    public void InABundle_PeersAreItsOwnToo()
    {
        var calls = Start(["--peers", "--rounds", "1"], bundle: true).Calls;

        var here = Path.GetTempPath().TrimEnd('/');
        Assert.Matches($"^python .*/lib/peers/pytorch_twin.py --suites step .* --out {here}/results --dry-run$", calls[1]);
        Assert.Equal(["bench", "python", "bench", "freezebench"], calls.Skip(2).Select(call => call.Split(' ')[0]));
        Assert.StartsWith("freezebench peers results --since ", calls[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void InABundle_NoOtherIsMade()
    {
        var (calls, output, exitCode) = Start(["--bundle", "a.tar.gz"], bundle: true);

        Assert.Equal(2, exitCode);
        Assert.Contains("This is a bundle; another one is made in a clone of the repository.", output, StringComparison.Ordinal);
        Assert.Empty(calls);
    }

    private static IReadOnlyList<string> Run(params string[] arguments)
    {
        var (calls, output, exitCode) = Start(arguments);
        Assert.True(exitCode == 0, output);
        return calls;
    }

    private static (IReadOnlyList<string> Calls, string Output, int ExitCode) Start(string[] arguments, string python = "echo threads 2", bool bundle = false)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script is for a Unix shell.");
        var folder = Directory.CreateTempSubdirectory("freezebench-").FullName;
        try
        {
            var log = Path.Combine(folder, "calls");
            StandIn("dotnet", $"echo \"$@\" >>'{log}'");
            StandIn("python3", $"echo python \"$@\" >>'{log}'\n{python}");
            var script = Path.Combine(Shell.Root, "run-benchmarks.sh");
            if (bundle)
            {
                File.WriteAllText(Path.Combine(folder, "bundle.json"), """{ "commit": "unknown", "dirty": null }""");
                foreach (var program in new[] { "bench", "accuracy", "freezebench" })
                    StandIn(program, $"echo {program} \"$@\" >>'{log}'");
                script = Path.Combine(folder, "run-benchmarks.sh");
                File.Copy(Path.Combine(Shell.Root, "run-benchmarks.sh"), script);
            }
            var start = new ProcessStartInfo("bash", [script, .. arguments])
            {
                WorkingDirectory = Path.GetTempPath(),
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["PATH"] = $"{folder}:{start.Environment["PATH"]}";
            start.Environment.Remove("PYTHON");
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (File.Exists(log) ? File.ReadAllLines(log) : [], output + errors.Result, process.ExitCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void StandIn(string program, string body) => Script.Write(Path.Combine(folder, program), $"#!/bin/sh\n{body}\n");
    }
}
