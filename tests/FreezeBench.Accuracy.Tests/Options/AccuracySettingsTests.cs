using FreezeBench.Accuracy.Runs;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Options;

public class AccuracySettingsTests
{
    [Fact]
    public void Defaults_AreOneRunOfTwoPolicies_OnAllClasses()
    {
        var settings = Parsed.Settings();

        Assert.Equal(("cifar10", "cifar10", "random", 128), (settings.Dataset, settings.DatasetLabel, settings.Weights, settings.BatchSize));
        Assert.Equal(
            [("fine-tune", 1, "all", 1, "fine-tune seed 1"), ("frozen", 1, "all", 1, "frozen seed 1")],
            PlannedRun.All(settings).Select(run => (run.Strategy.Name, run.Seed, run.ClassSelection, run.Epochs, run.Title)));
    }

    [Fact]
    public void Plan_GoesByClasses_ThenPolicy_ThenSeed() => Assert.Equal(
        [
            "frozen seed 2 classes 3", "frozen seed 1 classes 3", "probe-then-tune seed 2 classes 3", "probe-then-tune seed 1 classes 3",
            "frozen seed 2 classes 10", "frozen seed 1 classes 10", "probe-then-tune seed 2 classes 10", "probe-then-tune seed 1 classes 10",
        ],
        PlannedRun.All(Parsed.Settings("--policies", "frozen,probe-then-tune", "--epochs", "2", "--seeds", "2,1", "--classes", "3,10")).Select(run => run.Title));

    [Fact]
    public void BothKernels_AreAllRunsOfThePlainOnesFirst() => Assert.Equal(
        ["fine-tune seed 1 plain", "frozen seed 1 plain", "fine-tune seed 1", "frozen seed 1"],
        PlannedRun.All(Parsed.Settings("--kernels", "both")).Select(run => run.Title));

    [Theory]
    [InlineData("plain", "contiguous")]
    [InlineData("fast", "channels-last")]
    public void MemoryFormat_IsThatOfTheKernels_UnlessItIsAskedFor(string kernels, string format)
    {
        var settings = Parsed.Settings("--kernels", kernels);
        Assert.Equal(format, settings.MemoryFormatOf(settings.Kernels[0], Parsed.Cpu).Name);
        var asked = Parsed.Settings("--kernels", kernels, "--memory-format", "contiguous");
        Assert.Equal("contiguous", asked.MemoryFormatOf(asked.Kernels[0], Parsed.Cpu).Name);
    }

    [Fact]
    public void EveryPolicyWhoseStageTheNetworkLacks_IsSaidInOneMessage()
    {
        var message = Runner.Refusal(["--device", "cpu", "--dataset", "synthetic", "--network", "alexnet", "--policies", "from-layer3,fine-tune,only-layer4,lora:0"]);

        Assert.Contains("Unknown strategy 'lora:0'. Valid values: fine-tune, ", message, StringComparison.Ordinal);
        Assert.Equal(
            [
                "Policy 'from-layer3' needs a stage 'layer3' before the head, and this network's are stem, layer1, layer2, head.",
                "Policy 'only-layer4' needs a stage 'layer4' before the head, and this network's are stem, layer1, layer2, head.",
            ],
            Parsed.Conflicts("--network", "alexnet", "--policies", "from-layer3,fine-tune,only-layer4,lora:2"));
    }

    [Fact]
    public void AllPolicies_AreThoseThatTheNetworkCanBeUnder() => Assert.Equal(
        ["fine-tune", "frozen", "frozen-train-bn", "frozen-cached", "bias-only", "norm-only", "lora:16", "from-layer1", "from-layer2", "only-layer1", "only-layer2", "probe-then-tune"],
        Parsed.Settings("--network", "alexnet", "--policies", "all", "--epochs", "2").Strategies.Select(strategy => strategy.Name));

    [Theory]
    [InlineData("probe-then-tune needs 2 or more", "--policies", "probe-then-tune")]
    [InlineData("with 3 epochs probe-then-tune takes 1 to 2", "--policies", "probe-then-tune", "--epochs", "3", "--probe-epochs", "3")]
    [InlineData("--augmentation flip does not go with", "--policies", "fine-tune,frozen-cached", "--augmentation", "flip")]
    [InlineData("--augmentation crop-flip does not go with", "--policies", "probe-then-tune", "--epochs", "2", "--augmentation", "crop-flip")]
    [InlineData("names its folder itself", "--dataset", "imagefolder:pictures", "--data-dir", "folder")]
    [InlineData("reads no files", "--dataset", "synthetic", "--data-dir", "folder")]
    [InlineData("--skip-unreadable is for folders", "--skip-unreadable")]
    public void OptionsThatDoNotGoTogether_AreRefused(string message, params string[] arguments) =>
        Assert.Contains(message, Assert.Single(Parsed.Conflicts(arguments)), StringComparison.Ordinal);

    [Theory]
    [InlineData("--policies", "probe-then-tune", "--epochs", "1,probe-then-tune=2")]
    [InlineData("--policies", "fine-tune,frozen", "--augmentation", "flip")]
    [InlineData("--policies", "frozen-cached", "--augmentation", "none")]
    public void OptionsThatGoTogether_AreLeftAlone(params string[] arguments) => Assert.Empty(Parsed.Conflicts(arguments));

    [Fact]
    public void OneReason_IsGivenOnce_WhateverNumberOfPoliciesHasIt() =>
        Assert.Single(Parsed.Conflicts("--policies", "frozen-cached,probe-then-tune", "--epochs", "2", "--augmentation", "flip"));

    [Fact]
    public void EverythingWrong_ComesAtOnce_WhetherAValueOrACombination()
    {
        var message = Runner.Refusal("--momentum", "2", "--dataset", "synthetic", "--data-dir", "folder", "--skip-unreadable", "--policies", "probe-then-tune,frozen-cached", "--augmentation", "flip");

        Assert.Contains("--momentum is '2'", message, StringComparison.Ordinal);
        Assert.Contains("reads no files", message, StringComparison.Ordinal);
        Assert.Contains("--skip-unreadable is for folders", message, StringComparison.Ordinal);
        Assert.Contains("probe-then-tune needs 2 or more", message, StringComparison.Ordinal);
        Assert.Contains("--augmentation flip does not go with", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ValueThatIsWrong_IsNotTakenForItsDefault_WhereItMayClash()
    {
        // 1 epoch, the default, would be too few for the policy: a second message that is not true.
        var message = Runner.Refusal("--epochs", "two", "--policies", "probe-then-tune");

        Assert.Contains("--epochs is 'two'", message, StringComparison.Ordinal);
        Assert.DoesNotContain("needs 2 or more", message, StringComparison.Ordinal);
    }
}
