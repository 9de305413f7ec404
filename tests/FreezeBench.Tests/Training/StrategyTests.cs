using FreezeBench.Freezing;
using FreezeBench.Results;
using FreezeBench.Training;
using Xunit;

namespace FreezeBench.Tests.Training;

public class StrategyTests
{
    [Fact]
    public void EveryPolicy_IsAStrategyOfOnePhase_UnderItsName()
    {
        Assert.Equal(FreezingPolicy.All.Select(policy => policy.Name).Append("probe-then-tune"), Strategy.All.Select(strategy => strategy.Name));
        foreach (var policy in FreezingPolicy.All)
        {
            var strategy = Strategy.Parse(policy.Name);
            Assert.Same(strategy, Strategy.Of(policy));
            Assert.Equal(policy.Description, strategy.Description);
            Assert.Equal([new TrainingPhase(policy, 5, 1)], strategy.Phases(5, probeEpochs: 2));
        }
    }

    [Theory]
    [InlineData("lora:4")]
    [InlineData("from-stem")]
    [InlineData("only-layer2")]
    public void PolicyThatIsNotInTheList_IsAStrategyToo(string name)
    {
        var strategy = Strategy.Parse(name);
        Assert.Equal((name, FreezingPolicy.Parse(name).Description), (strategy.Name, strategy.Description));
        Assert.Equal(strategy, Strategy.Of(FreezingPolicy.Parse(name)));
        Assert.Equal([new TrainingPhase(FreezingPolicy.Parse(name), 5, 1)], strategy.Phases(5));
        Assert.Equal([strategy, Strategy.ProbeThenTune], Strategy.ParseList($"{name},probe-then-tune"));
    }

    [Theory]
    [InlineData("probe-then-tune", true)]
    [InlineData("lora:4", true)]
    [InlineData("from-layer1", false)]
    [InlineData("only-stem", false)]
    public void Suits_IsThePolicys(string name, bool suits) => Assert.Equal(suits, Strategy.Parse(name).Suits(["backbone", "head"]));

    [Theory]
    [InlineData(2, null, 1)]
    [InlineData(3, null, 1)]
    [InlineData(10, null, 5)]
    [InlineData(10, 9, 9)]
    [InlineData(10, 1, 1)]
    public void ProbeThenTune_ProbesThenTunesAtLowerRates(int epochs, int? probeEpochs, int probed) => Assert.Equal(
        [new TrainingPhase(FreezingPolicy.FrozenCached, probed, 1), new TrainingPhase(FreezingPolicy.FineTune, epochs - probed, 0.3)],
        Strategy.ProbeThenTune.Phases(epochs, probeEpochs));

    [Theory]
    [InlineData(1, null, "The number of epochs is 1; probe-then-tune needs 2 or more, one for each of its phases.")]
    [InlineData(4, 0, "The number of probe epochs is 0; with 4 epochs probe-then-tune takes 1 to 3.")]
    [InlineData(4, 4, "The number of probe epochs is 4; with 4 epochs probe-then-tune takes 1 to 3.")]
    public void TooFewEpochs_AreSaid(int epochs, int? probeEpochs, string message) =>
        Assert.Equal(message, Assert.Throws<UserErrorException>(() => Strategy.ProbeThenTune.Phases(epochs, probeEpochs)).Message);

    [Fact]
    public void Lists_KeepTheUsersOrder_AndAllIsAll()
    {
        Assert.Equal([Strategy.ProbeThenTune, Strategy.Of(FreezingPolicy.Frozen)], Strategy.ParseList("probe-then-tune, frozen"));
        Assert.Same(Strategy.All, Strategy.ParseList(" all "));
    }

    [Fact]
    public void EverythingWrongInAList_IsInOneMessage() => Assert.Equal(
        $"""
        Unknown strategy 'linear'. Valid values: {Strategy.ValidNames}; for a list also all.
        Strategy 'frozen' was given 2 times; once is enough.
        """,
        Assert.Throws<UserErrorException>(() => Strategy.ParseList("frozen,linear,frozen")).Message);
}
