using FreezeBench.Freezing;
using FreezeBench.Results;
using Xunit;

namespace FreezeBench.Tests.Freezing;

public sealed class FreezingPolicyTests
{
    private const string Valid =
        "fine-tune, frozen, frozen-train-bn, frozen-cached, from-layer1, from-layer2, from-layer3, from-layer4";

    public static TheoryData<string> Names => [.. FreezingPolicy.All.Select(policy => policy.Name)];

    [Fact]
    public void ValidNames_AreThoseOfTheTable() => Assert.Equal(Valid, FreezingPolicy.ValidNames);

    [Theory]
    [MemberData(nameof(Names))]
    public void Parse_FindsEachNameOfTheList(string name)
    {
        var policy = FreezingPolicy.Parse(name);
        Assert.Equal(name, policy.Name);
        Assert.DoesNotContain('\n', policy.Description);
    }

    [Fact]
    public void UnknownName_ListsValidValues()
    {
        var error = Assert.Throws<UserErrorException>(() => FreezingPolicy.Parse("freeze"));
        Assert.Equal($"Unknown freezing policy 'freeze'. Valid values: {Valid}; for a list also all.", error.Message);
    }

    [Fact]
    public void List_KeepsTheUsersOrder() =>
        Assert.Equal([FreezingPolicy.Frozen, FreezingPolicy.FineTune], FreezingPolicy.ParseList("frozen, fine-tune"));

    [Fact]
    public void ListOfAll_IsEveryPolicy() => Assert.Equal(FreezingPolicy.All, FreezingPolicy.ParseList("all"));

    [Fact]
    public void List_ReportsEveryErrorAtOnce()
    {
        var error = Assert.Throws<UserErrorException>(() => FreezingPolicy.ParseList("frozen,thaw,,frozen,melt"));
        var lines = error.Message.Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("Unknown freezing policy 'thaw'.", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("Unknown freezing policy ''.", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("Unknown freezing policy 'melt'.", lines[2], StringComparison.Ordinal);
        Assert.Equal("Freezing policy 'frozen' was given 2 times; once is enough.", lines[3]);
    }
}
