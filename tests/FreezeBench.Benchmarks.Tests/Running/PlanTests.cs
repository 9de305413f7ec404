using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Running;
using FreezeBench.Benchmarks.Running;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Benchmarks.Tests.Processes;
using FreezeBench.Benchmarks.Tests.Settings;
using FreezeBench.Results;
using FreezeBench.Tool.Tests.Peers;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Running;

[Collection(ProgramHere.Collection)]
public class PlanTests
{
    private static List<BenchmarkCase> Plan(string[] suites, params string[] theirs)
    {
        Published.Publish();
        var config = ManualConfig.Union(SuiteConfig.Create(quick: false, "artifacts"), BenchmarkArguments.Parse(theirs).Config);
        return [.. BenchmarkRun.Plan(suites, config).SelectMany(info => info.BenchmarksCases)];
    }

    private static string Text(BenchmarkCase benchmark) =>
        $"{SuiteCatalog.Of(benchmark).Name} {SuiteCatalog.MethodOf(benchmark)} {SuiteCatalog.PolicyOf(benchmark).Name}";

    [Fact]
    public void IterationsOfManyCalls_AreLongerOnAGpu_WhoseClocksMove()
    {
        double IterationMs(bool cuda) => SuiteConfig.Create(quick: false, "artifacts", cuda).GetJobs().Single(job => job.Run.RunStrategy == RunStrategy.Throughput).Run.IterationTime.ToMilliseconds();
        Assert.Equal((100, 500), (IterationMs(cuda: false), IterationMs(cuda: true)));
    }

    [Fact]
    public void EveryPolicy_IsMeasuredInEverySuite_AndEachCaseOnce()
    {
        var cases = Plan(["epoch", "step", "depth"]).Select(Text).ToList();

        Assert.Equal(cases.Count, cases.Distinct().Count());
        foreach (var policy in Published.Settings.Policies)
            Assert.Superset(new HashSet<string> { $"epoch Epoch {policy}", $"step Step {policy}", $"step Phases {policy}" }, cases.ToHashSet());
        foreach (var policy in Published.Settings.Depths)
            Assert.Contains($"depth Depth {policy}", cases);
        Assert.Equal(8 + 2 + 8 + 8 + 1 + 6, cases.Count);
    }

    // Three questions to one process: to import torch takes as long as all the rest.
    [Fact]
    public void Twin_HasTheSameCases_AndTheSameDepths_WhateverThePolicies()
    {
        string[] plan = ["--dry-run", "--frameworks", "pytorch", "--device", "cpu"], depth = [.. plan, "--suites", "depth"];
        var plans = Python.TwinOf(plan, [.. depth, "--quick"], [.. depth, "--policies", "frozen-cached"]).Select(TwinsCases).ToList();

        Assert.Equal(Plan(["epoch", "step", "depth"]).Select(Text).Order(StringComparer.Ordinal), plans[0].Order(StringComparer.Ordinal));
        Assert.Equal(DepthPolicies.For(quick: true).Select(policy => $"depth Depth {policy.Name}"), plans[1]);
        Assert.Equal(DepthPolicies.For(quick: false).Select(policy => $"depth Depth {policy.Name}"), plans[2]);
    }

    // "suite method policy framework" after the line with the threads.
    private static IEnumerable<string> TwinsCases(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line[..line.LastIndexOf(' ')]);

    [Fact]
    public void Scaling_IsAStepAtEverySize_AndTheTwoQuestionsOfAnEpoch()
    {
        var cases = Plan(["scaling"]);

        Assert.Equal(
            Published.Settings.ScalingPolicies.SelectMany(policy => Published.Settings.ScalingSizes.Select(size => $"scaling Step {policy} {size}")).Order(StringComparer.Ordinal),
            cases.Where(benchmark => SuiteCatalog.SizeOf(benchmark) is not null).Select(benchmark => $"{Text(benchmark)} {SuiteCatalog.SizeOf(benchmark)}").Order(StringComparer.Ordinal));
        Assert.Equal(
            ["scaling EpochsInTurn fine-tune", "scaling EpochsInTurn frozen", "scaling OverheadAndStep fine-tune", "scaling OverheadAndStep frozen"],
            cases.Where(benchmark => SuiteCatalog.SizeOf(benchmark) is null).Select(Text).Order());
        Assert.Equal(RunStrategy.Monitoring, cases.Single(benchmark => Text(benchmark) == "scaling EpochsInTurn frozen").Job.Run.RunStrategy);
        Assert.Equal(RunStrategy.Throughput, cases.Single(benchmark => Text(benchmark) == "scaling OverheadAndStep frozen").Job.Run.RunStrategy);
    }

    [Fact]
    public void NoSuite_HasMoreThan16Cases_BesideItsReference() =>
        Assert.All(Plan(["epoch", "step", "depth"]).GroupBy(benchmark => benchmark.Descriptor.Type), suite => Assert.True(suite.Count() <= 17, suite.Key.Name));

    [Fact]
    public void Extraction_IsMeasuredForTheCachingPolicyAlone_AndTheReferenceForOne()
    {
        var cases = Plan(["epoch", "step"]).Select(Text).ToList();

        Assert.Equal(["epoch FeatureExtraction frozen-cached"], cases.Where(name => name.Contains("FeatureExtraction", StringComparison.Ordinal)));
        Assert.Equal(["epoch ExtractionAndFloor frozen-cached"], cases.Where(name => name.Contains("Floor", StringComparison.Ordinal)));
        Assert.Equal(["step NoGradForward frozen"], cases.Where(name => name.Contains("NoGradForward", StringComparison.Ordinal)));
    }

    [Fact]
    public void EpochOnImages_IsOneCallAnIteration_AndOnFeaturesMany()
    {
        var cases = Plan(["epoch"]);

        Assert.Equal(RunStrategy.Monitoring, cases.Single(benchmark => Text(benchmark) == "epoch Epoch fine-tune").Job.Run.RunStrategy);
        Assert.Equal(RunStrategy.Throughput, cases.Single(benchmark => Text(benchmark) == "epoch Epoch frozen-cached").Job.Run.RunStrategy);
    }

    [Fact]
    public void UsersJobOptions_ChangeEveryJob_AndLeaveEveryCaseItsOne()
    {
        var changed = Plan(["epoch", "step", "depth"], "--iterationCount", "3");

        Assert.All(changed, benchmark => Assert.Equal(3, benchmark.Job.Run.IterationCount));
        Assert.Equal(Plan(["epoch", "step", "depth"]).Select(Text), changed.Select(Text));
    }

    [Theory]
    [InlineData("--memory")]
    [InlineData("--strategy", "ColdStart")]
    [InlineData("--job", "dry")]
    [InlineData("--launchCount", "2")]
    [InlineData("--resume")]
    public void OptionThatWouldChangeWhatARowMeans_IsRefused(params string[] arguments) =>
        Assert.Contains("not supported", Assert.Throws<UserErrorException>(() => BenchmarkArguments.Parse(arguments)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("--runtimes", "net10.0")]
    [InlineData("--runtimes", "net9.0", "net10.0")]
    [InlineData("--cli", "global.json")]
    [InlineData("--coreRun", "global.json")]
    [InlineData("--platform", "X64")]
    [InlineData("--inProcess")]
    [InlineData("--keepFiles")]
    [InlineData("--buildTimeout", "60")]
    public void OptionThatChoosesOrBuildsAnotherProgram_IsRefused(string option, params string[] values)
    {
        // Options that name a file want one that exists.
        values = [.. values.Select(value => value.EndsWith(".json", StringComparison.Ordinal) ? Path.Combine(Build.Shell.Root, value) : value)];

        Assert.Contains("each case runs in this program as it was built", Assert.Throws<UserErrorException>(() => BenchmarkArguments.Parse([option, .. values])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UsersFilter_Counts() =>
        Assert.Equal(["depth Depth frozen"], Plan(["epoch", "step", "depth"], "--filter", "*Depth*\"frozen\"*").Select(Text));

    [Fact]
    public void FilterThatLeavesNothing_IsAnError_NotAnEmptyRun() =>
        Assert.Contains("No benchmark case is left", Assert.Throws<UserErrorException>(() => Plan(["epoch"], "--filter", "*nothing*")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("--polices", "fine-tune", "polices")]
    [InlineData("--iterationCount", "many", "iterationCount")]
    public void ArgumentThatNobodyKnows_IsRefused(string option, string value, string named)
    {
        var message = Assert.Throws<UserErrorException>(() => BenchmarkArguments.Parse([option, value])).Message;

        Assert.Contains(named, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void List_OnlyPrints()
    {
        Assert.True(BenchmarkArguments.Parse(["--list", "flat"]).OnlyPrints);
        Assert.False(BenchmarkArguments.Parse([]).OnlyPrints);
    }
}
