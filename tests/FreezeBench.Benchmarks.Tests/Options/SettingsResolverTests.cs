using FreezeBench.Benchmarks.Options;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Torch.Hardware;
using TorchSharp;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Options;

public class SettingsResolverTests
{
    private static readonly DeviceChoice cpu = new(DeviceType.CPU, 0, "as asked");

    private static BenchmarkSettings Resolve(params string[] arguments)
    {
        var options = new BenchmarkOptions();
        var parsed = options.Command.Parse(arguments);
        CommandLineHost.ThrowIfWrong(parsed, SettingsResolver.Conflicts(options, parsed));
        return SettingsResolver.Resolve(options, parsed, cpu, parsed.GetValue(options.Run.Precision) ?? Precision.Fp32, null, "records");
    }

    [Fact]
    public void NoArguments_MeasureEveryPolicyOnSyntheticImages()
    {
        var settings = Resolve();

        Assert.Equal(8, settings.Policies.Count);
        Assert.Equal(["fine-tune", "from-layer1", "from-layer2", "from-layer3", "from-layer4", "frozen"], settings.Depths);
        Assert.Equal(("synthetic", "synthetic", "resnet18", "channels-last", "cpu"), (settings.Dataset, settings.DatasetLabel, settings.Backbone, settings.MemoryFormatOf("fast").Name, settings.Device));
        Assert.Equal(["plain", "fast"], settings.Kernels);
        Assert.False(settings.KernelsAsked);
    }

    [Theory]
    [InlineData("mnist")]
    [InlineData("")]
    [InlineData("imagefolder:")]
    public void UnknownDataset_IsOneMessage(string name)
    {
        foreach (string[] more in new[] { [], ["--data-dir", "x"], new[] { "--profile" } })
            Assert.StartsWith($"Unknown data set '{name}'. Valid values: synthetic, cifar10, imagefolder:PATH.", Assert.Throws<UserErrorException>(() => Resolve(["--dataset", name, .. more])).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> OptionsWithValues => [.. new BenchmarkOptions().Command.Options.Where(option => option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0).Select(option => option.Name)];

    [Theory]
    [MemberData(nameof(OptionsWithValues))]
    public void EveryOption_IsGivenOnce(string option) =>
        Assert.Contains($"Option '{option}' expects a single argument but 2 were provided.", Assert.Throws<UserErrorException>(() => Resolve(option, "1", option, "2")).Message, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(OptionsWithValues))]
    public void EmptyValue_IsOneMessage_ForEveryOption(string option) => Assert.NotEmpty(Assert.Throws<UserErrorException>(() => Resolve(option, "")).Message);

    [Fact]
    public void ImagesOfAFolder_AreMeasuredOn_UnderALabelWithoutItsPath()
    {
        var settings = Resolve("--dataset", "imagefolder:some/Pets é");
        Assert.Equal(("imagefolder:" + Path.GetFullPath("some/Pets é"), "imagefolder-pets-é"), (settings.Dataset, settings.DatasetLabel));
        Assert.Contains("names its folder itself", Assert.Throws<UserErrorException>(() => Resolve("--dataset", "imagefolder:a", "--data-dir", "b")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OneImageMoreThanABatch_IsRefused() =>
        Assert.Contains("a single image more joins it: pass one image fewer", Assert.Throws<UserErrorException>(() => Resolve("--batch-size", "16", "--images-per-epoch", "17")).Message, StringComparison.Ordinal);

    [Fact]
    public void Quick_IsSmaller_AndHasTheTwoPoliciesOfTheQuestion()
    {
        var (quick, whole) = (Resolve("--quick"), Resolve());

        Assert.Equal(["fine-tune", "frozen"], quick.Policies);
        Assert.True(quick.BatchSize < whole.BatchSize && quick.ImagesPerEpoch < whole.ImagesPerEpoch && quick.Depths.Count < whole.Depths.Count);
    }

    [Fact]
    public void EveryOption_IsTaken()
    {
        var settings = Resolve(
            "--backbone", "resnet50", "--policies", "frozen,from-layer4", "--resolution", "96", "--batch-size", "8", "--images-per-epoch", "24",
            "--dataset", "cifar10", "--data-dir", "some", "--dataset-label", "cifar10-jpeg", "--threads", "3", "--memory-format", "contiguous",
            "--precision", "bf16", "--no-cudnn-autotune", "--kernels", "plain");

        Assert.Equal(("resnet50", 96, 8, 24), (settings.Backbone, settings.ResolutionPx, settings.BatchSize, settings.ImagesPerEpoch));
        Assert.Equal(["frozen", "from-layer4"], settings.Policies);
        Assert.Equal(["plain"], settings.Kernels);
        Assert.True(settings.KernelsAsked);
        Assert.Equal(("bf16", false), (settings.Precision, settings.CudnnAutotune));
        Assert.Equal(("fp32", true), (Resolve().Precision, Resolve().CudnnAutotune));
        Assert.Equal(("cifar10", "cifar10-jpeg", Path.GetFullPath("some"), 3, "contiguous"), (settings.Dataset, settings.DatasetLabel, settings.DataDirectory, settings.Threads, settings.MemoryFormat));
    }

    [Fact]
    public void BatchSizeAlone_KeepsTheNumberOfSteps()
    {
        var whole = Resolve();
        var settings = Resolve("--batch-size", "10");

        Assert.Equal(10, settings.BatchSize);
        Assert.Equal(10 * (whole.ImagesPerEpoch / whole.BatchSize), settings.ImagesPerEpoch);
    }

    [Fact]
    public void AllErrors_ComeInOneMessage_WithTheValidValues()
    {
        var error = Assert.Throws<UserErrorException>(() => Resolve(
            "--device", "gpu", "--policies", "half", "--suites", "epoch,stairs", "--batch-size", "0", "--resolution", "abc", "--memory-format", "nhwc", "--precision", "half",
            "--dataset", "cifar10"));

        Assert.Collection(
            error.Message.Split('\n'),
            line => Assert.Equal("Unknown device 'gpu'. Valid values: auto, cpu, cuda, cuda:N, mps (N: index of the GPU, from 0; mps: an Apple GPU).", line),
            line => Assert.StartsWith("Unknown freezing policy 'half'. Valid values: fine-tune, frozen,", line, StringComparison.Ordinal),
            line => Assert.Equal("--resolution is 'abc'; it must be a whole number from 16 to 1024.", line),
            line => Assert.Equal("--batch-size is '0'; it must be a whole number from 1 to 65536.", line),
            line => Assert.Contains("'nhwc'", line, StringComparison.Ordinal),
            line => Assert.Equal("Unknown precision 'half'. Valid values: fp32, tf32, bf16, fp16.", line),
            line => Assert.Equal("Unknown suite 'stairs'. Valid values: epoch, step, depth, scaling, all.", line),
            line => Assert.StartsWith("--dataset cifar10 needs --data-dir", line, StringComparison.Ordinal),
            line => Assert.Equal("See --help for every option.", line));
    }

    [Fact]
    public void EveryPolicyWhoseStageTheNetworkLacks_IsSaidInOneMessage() => Assert.Equal(
        [
            "Policy 'from-layer3' needs a stage 'layer3' before the head, and this network's are stem, layer1, layer2, head.",
            "Policy 'only-layer4' needs a stage 'layer4' before the head, and this network's are stem, layer1, layer2, head.",
            "See --help for every option.",
        ],
        Assert.Throws<UserErrorException>(() => Resolve("--network", "alexnet", "--policies", "from-layer3,fine-tune,only-layer4,lora:2", "--resolution", "64")).Message.Split('\n'));

    [Fact]
    public void AllPolicies_AreThoseThatTheNetworkCanBeUnder()
    {
        var all = Resolve("--network", "alexnet", "--policies", "all", "--suites", "all", "--resolution", "64");
        string[] expected = ["fine-tune", "frozen", "frozen-train-bn", "frozen-cached", "bias-only", "norm-only", "lora:16", "from-layer1", "from-layer2", "only-layer1", "only-layer2"];

        Assert.Equal(expected, all.Policies);
        Assert.Equal(expected, all.ScalingPolicies);
        Assert.Equal(["fine-tune", "from-layer1", "from-layer2", "frozen"], all.Depths);
        Assert.Equal(["fine-tune", "frozen", "frozen-train-bn", "frozen-cached", "from-layer1", "from-layer2"], Resolve("--network", "alexnet", "--resolution", "64").Policies);
    }

    [Fact]
    public void Profile_IsOfOneSetOfKernels() =>
        Assert.Contains("pass --kernels plain or --kernels fast.", Assert.Throws<UserErrorException>(() => Resolve("--profile", "--kernels", "both")).Message, StringComparison.Ordinal);

    [Fact]
    public void DataFolderWithoutItsDataset_IsRefused_RatherThanIgnored() =>
        Assert.Contains("synthetic reads no files", Assert.Throws<UserErrorException>(() => Resolve("--data-dir", "some")).Message, StringComparison.Ordinal);

    [Fact]
    public void EpochBelowOneBatch_IsRefused_WhateverTheSuite() =>
        Assert.Equal(
            "--images-per-epoch is 32 and the batch size 64; an epoch needs one whole batch at least.",
            Assert.Throws<UserErrorException>(() => Resolve("--images-per-epoch", "32", "--batch-size", "64")).Message);

    [Fact]
    public void ScalingSizes_AreEveryBatchSizeAtEveryResolution_SortedAndOnce()
    {
        var settings = Resolve("--suites", "scaling", "--batch-sizes", "64, 8,8", "--resolutions", "32,96", "--policies", "frozen,from-layer4");

        Assert.Equal(["8x32px", "64x32px", "8x96px", "64x96px"], settings.ScalingSizes.Select(size => size.ToString()));
        Assert.Equal(["frozen", "from-layer4"], settings.ScalingPolicies);
        Assert.Equal(["fine-tune", "frozen"], Resolve("--suites", "scaling").ScalingPolicies);
    }

    [Theory]
    [InlineData("--batch-sizes", "8,0", "--batch-sizes has '0'; each must be a whole number from 1 to 65536.")]
    [InlineData("--resolutions", "8", "--resolutions has '8'; each must be a whole number from 16 to 1024.")]
    [InlineData("--resolutions", "", "--resolutions has ''; each must be a whole number from 16 to 1024.")]
    public void SizeOutOfRange_IsNamed(string option, string value, string expected) =>
        Assert.Contains(expected, Assert.Throws<UserErrorException>(() => Resolve("--suites", "scaling", option, value)).Message, StringComparison.Ordinal);

    [Fact]
    public void SizesWithoutTheirSuite_AreRefused_RatherThanIgnored()
    {
        Assert.Contains("add --suites scaling", Assert.Throws<UserErrorException>(() => Resolve("--batch-sizes", "8")).Message, StringComparison.Ordinal);
        Assert.Contains("add --suites scaling", Assert.Throws<UserErrorException>(() => Resolve("--suites", "epoch,step", "--resolutions", "32")).Message, StringComparison.Ordinal);
        Assert.Contains("leave out --suites", Assert.Throws<UserErrorException>(() => Resolve("--profile", "--suites", "step")).Message, StringComparison.Ordinal);
    }

    private static bool IsStandard(params string[] arguments)
    {
        var options = new BenchmarkOptions();
        var parsed = options.Command.Parse(arguments);
        CommandLineHost.ThrowIfWrong(parsed, SettingsResolver.Conflicts(options, parsed));
        return SettingsResolver.IsStandard(options, parsed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(true, "--policies", "frozen", "--kernels", "fast", "--threads", "2", "--device", "cpu", "--suites", "epoch,depth", "--repeat", "3")]
    [InlineData(true, "--dataset", "synthetic", "--memory-format", "contiguous", "--no-cudnn-autotune", "--iterationCount", "3")]
    [InlineData(true, "--workload", "all")]
    [InlineData(false, "--batch-size", "128")]
    [InlineData(false, "--resolution", "32")]
    [InlineData(false, "--images-per-epoch", "1024")]
    [InlineData(false, "--network", "resnet18")]
    [InlineData(false, "--precision", "fp32")]
    [InlineData(false, "--auto-batch")]
    [InlineData(false, "--dataset-label", "noise")]
    [InlineData(false, "--dataset", "cifar10", "--data-dir", "some")]
    [InlineData(false, "--quick")]
    [InlineData(false, "--profile")]
    [InlineData(false, "--suites", "all")]
    public void OptionOfSize_MakesItASizeOfItsOwn(bool standard, params string[] arguments) => Assert.Equal(standard, IsStandard(arguments));

    [Theory]
    [InlineData("--workload has sizes of its own: leave out --backbone, --batch-size, --quick, or --workload.", "--quick", "--batch-size", "8", "--network", "resnet34")]
    [InlineData("--workload has sizes of its own: leave out --dataset, --data-dir, or --workload.", "--dataset", "cifar10", "--data-dir", "some")]
    [InlineData("--profile measures no suite: leave out --workload.", "--profile")]
    [InlineData("Suite scaling has sizes of its own: leave it or --workload out.", "--suites", "all")]
    public void WorkloadWithAnotherSize_IsRefused_AndSaysWhich(string message, params string[] arguments) => Assert.Equal(
        [message, "See --help for every option."], Assert.Throws<UserErrorException>(() => IsStandard(["--workload", "resnet18-32px-fp32", .. arguments])).Message.Split('\n'));

    [Theory]
    [InlineData(5.0)]
    [InlineData(30.0, "--time-budget", "30")]
    [InlineData(0.0, "--time-budget", "0", "--workload", "all")]
    [InlineData(null, "--workload", "all")]
    public void Round_HasFiveMinutes_WhereNobodyNamesAWorkloadOrAnotherTime(double? minutes, params string[] arguments)
    {
        var options = new BenchmarkOptions();

        Assert.Equal(minutes, SettingsResolver.TimeBudget(options, options.Command.Parse(arguments))?.TotalMinutes);
    }

    [Theory]
    [InlineData("--quick")]
    [InlineData("--resolution", "32")]
    [InlineData("--suites", "all")]
    public void TimeBudgetOfASizeOfOnesOwn_IsRefused(params string[] arguments) => Assert.StartsWith(
        "--time-budget is for standard workloads, of which it leaves out what does not fit: leave it out.",
        Assert.Throws<UserErrorException>(() => IsStandard(["--time-budget", "5", .. arguments])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("--time-budget", "-1", "--time-budget is '-1'; it must be a whole number from 0 to ")]
    [InlineData("--time-budget", "1.5", "--time-budget is '1.5'; it must be a whole number from 0 to ")]
    [InlineData("--repeat", "0", "--repeat is '0'; it must be a whole number from 1 to 99.")]
    [InlineData("--repeat", "x", "--repeat is 'x'; it must be a whole number from 1 to 99.")]
    [InlineData("--repeat", "100", "--repeat is '100'; it must be a whole number from 1 to 99.")]
    [InlineData("--workload", "nonsense", "Unknown workload 'nonsense'. Valid values: resnet18-32px-fp32,")]
    [InlineData("--workload", "resnet18-32px-fp32,", "Unknown workload ''. Valid values: ")]
    public void ValueThatIsNone_IsOneMessage(string option, string value, string message) =>
        Assert.StartsWith(message, Assert.Throws<UserErrorException>(() => IsStandard(option, value)).Message, StringComparison.Ordinal);

    [Fact]
    public void Suites_AreTwoWhereNobodySays_AndAQuickRunHasTheDepthsToo()
    {
        IReadOnlyList<string> Suites(params string[] arguments)
        {
            var options = new BenchmarkOptions();
            return SettingsResolver.Suites(options, options.Command.Parse(arguments));
        }

        Assert.Equal(["epoch", "step"], Suites());
        Assert.Equal(["epoch", "step", "depth"], Suites("--quick"));
        Assert.Equal(["epoch", "step", "depth", "scaling"], Suites("--suites", "all"));
    }

    [Fact]
    public void Help_NamesEveryOptionOfTheDocumentation()
    {
        var names = new BenchmarkOptions().Command.Options.Select(option => option.Name);

        Assert.Superset(
            new HashSet<string> { "--device", "--backbone", "--policies", "--kernels", "--suites", "--resolution", "--batch-size", "--images-per-epoch", "--dataset", "--data-dir", "--threads", "--memory-format", "--precision", "--no-cudnn-autotune", "--out", "--quick", "--workload", "--list-workloads", "--repeat", "--time-budget" },
            names.ToHashSet());
    }
}
