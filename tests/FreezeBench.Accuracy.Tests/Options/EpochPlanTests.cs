using FreezeBench.Accuracy.Options;
using FreezeBench.Results;
using FreezeBench.Training;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Options;

public class EpochPlanTests
{
    [Theory]
    [InlineData("3", "fine-tune", 3)]
    [InlineData("3,frozen=5", "frozen", 5)]
    [InlineData("3,frozen=5", "frozen-cached", 3)]
    [InlineData(" frozen = 5 , 2 ", "fine-tune", 2)]
    [InlineData("probe-then-tune=4", "probe-then-tune", 4)]
    [InlineData("probe-then-tune=4", "fine-tune", 1)]
    [InlineData("10000", "from-layer4", 10_000)]
    [InlineData("1,lora:4=6,only-stem=7", "lora:4", 6)]
    [InlineData("1,lora:4=6,only-stem=7", "only-stem", 7)]
    public void EachPolicy_TrainsItsOwnEpochs_OrTheOthers(string text, string policy, int expected) =>
        Assert.Equal(expected, EpochPlan.Parse(text).For(Strategy.Parse(policy)));

    [Theory]
    [InlineData("", "--epochs is ''; it must be a whole number from 1 to 10000, or policy=number.")]
    [InlineData("10001", "--epochs is '10001'")]
    [InlineData("1.5", "--epochs is '1.5'")]
    [InlineData("-1", "--epochs is '-1'")]
    [InlineData("2,3", "two numbers without a policy: 2 and 3")]
    [InlineData("lukewarm=2", "names 'lukewarm'. Valid policies: fine-tune, frozen")]
    [InlineData("frozen=2,frozen=3", "names 'frozen' twice")]
    [InlineData("frozen=", "--epochs is ''")]
    public void WhatIsNoPlan_IsNamed(string text, string message) =>
        Assert.Contains(message, Assert.Throws<UserErrorException>(() => EpochPlan.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void EveryWrongItem_HasALine() =>
        Assert.Equal(2, Assert.Throws<UserErrorException>(() => EpochPlan.Parse("0,1,frozen=x")).Message.Split('\n').Length);

    [Fact]
    public void Text_CanBeParsedAgain() => Assert.Equal("1,frozen=5,frozen-cached=7", EpochPlan.Parse("frozen=5,1,frozen-cached=7").ToString());
}
