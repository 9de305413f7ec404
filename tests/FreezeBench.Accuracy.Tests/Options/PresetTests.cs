using FreezeBench.Accuracy.Options;
using FreezeBench.Accuracy.Runs;
using FreezeBench.Results;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Options;

public class PresetTests
{
    [Fact]
    public void Post_IsFineTuningForOneEpoch_AgainstFrozenForFive_OnTwoThreeAndTenClasses()
    {
        var settings = Parsed.Completed("--preset", "post");

        Assert.Equal(("cifar10", "imagenet", 224), (settings.Dataset, settings.Weights, settings.ResolutionPx));
        Assert.Equal(
            [("fine-tune", "2", 1), ("frozen", "2", 5), ("fine-tune", "3", 1), ("frozen", "3", 5), ("fine-tune", "10", 1), ("frozen", "10", 5)],
            PlannedRun.All(settings).Select(run => (run.Strategy.Name, run.ClassSelection, run.Epochs)));
    }

    [Fact]
    public void Tutorial_HasThreeSeeds()
    {
        var settings = Parsed.Completed("--preset", "tutorial");

        Assert.Equal(("ants-bees", 16), (settings.Dataset, settings.BatchSize));
        Assert.Equal([1, 2, 3], settings.Seeds);
    }

    [Fact]
    public void UsersOwnOptions_CountMore_WhereverTheyStand()
    {
        Assert.Equal((64, "random"), Parsed.Completed("--resolution", "64", "--preset", "post", "--weights", "random") is var own ? (own.ResolutionPx, own.Weights) : default);
        Assert.Equal(5, Parsed.Completed("--preset", "post", "--policies", "frozen-cached").Epochs.For(Training.Strategy.Parse("frozen-cached")));
        Assert.Equal("synthetic", Parsed.Completed("--preset=post", "--dataset=synthetic").Dataset);
    }

    [Fact]
    public void Alias_IsTheUsersOption_Too() => Assert.Equal([9], Parsed.Completed("--preset", "tutorial", "--seed", "9").Seeds);

    [Fact]
    public void EveryPreset_ParsesWithoutErrors_AndConflicts() => Assert.All(Preset.All, preset =>
    {
        var options = new AccuracyOptions();
        Assert.Empty(options.Command.Parse([.. preset.Arguments]).Errors);
        Assert.Empty(Parsed.Conflicts([.. preset.Arguments]));
    });

    [Fact]
    public void UnknownName_ListsTheOthers() =>
        Assert.Equal("Unknown preset 'poster'. Valid values: post, tutorial.", Assert.Throws<UserErrorException>(() => Preset.Parse("poster")).Message);
}
