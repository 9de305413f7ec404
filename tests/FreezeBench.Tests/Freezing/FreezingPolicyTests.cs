using FreezeBench.Freezing;
using FreezeBench.Results;
using Xunit;

namespace FreezeBench.Tests.Freezing;

public sealed class FreezingPolicyTests
{
    private const string Valid =
        "fine-tune, frozen, frozen-train-bn, frozen-cached, from-layer1, from-layer2, from-layer3, from-layer4, bias-only, norm-only, from-STAGE, only-STAGE, lora:RANK (1 to 1024)";

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

    [Theory]
    [InlineData("lora:1", 1)]
    [InlineData("lora:1024", 1024)]
    public void RankOfAdapters_IsInTheName(string name, int rank) => Assert.Equal((name, rank), (FreezingPolicy.Parse(name).Name, FreezingPolicy.Parse(name).AdapterRank));

    [Theory]
    [InlineData("from-stem", "stem")]
    [InlineData("only-layer2", "layer2")]
    [InlineData("only-features.3", "features.3")]
    public void StageOfAnyNetwork_IsInTheName(string name, string stage) => Assert.Equal((name, stage), (FreezingPolicy.Parse(name).Name, FreezingPolicy.Parse(name).Stage));

    [Theory]
    [InlineData("lora:0")]
    [InlineData("lora:01")]
    [InlineData("lora:1025")]
    [InlineData("lora:")]
    [InlineData("lora:-1")]
    [InlineData("lora")]
    [InlineData("from-")]
    [InlineData("only-Layer 1")]
    [InlineData("from-layer1,")]
    public void NameThatIsNearlyOne_IsNone(string name) => Assert.Throws<UserErrorException>(() => FreezingPolicy.Parse(name));

    [Theory]
    [InlineData("from-layer2", 2)]
    [InlineData("only-layer2", 2)]
    [InlineData("only-stem", 0)]
    [InlineData("lora:4", 0)]
    [InlineData("bias-only", 0)]
    [InlineData("frozen", 3)]
    public void FirstTrainedStage_IsWhereTheBackwardPassEnds(string name, int first) => Assert.Equal(first, FreezingPolicy.Parse(name).FirstTrained(["stem", "layer1", "layer2", "head"]));

    [Theory]
    [InlineData("from-layer2")]
    [InlineData("only-layer2")]
    [InlineData("from-head")]
    [InlineData("only-head")]
    public void StageThatTheNetworkLacks_OrItsHead_IsSaid(string name)
    {
        var policy = FreezingPolicy.Parse(name);
        Assert.False(policy.Suits(["backbone", "head"]));
        Assert.Equal(
            $"Policy '{name}' needs a stage '{name[5..]}' before the head, and this network's are backbone, head.",
            Assert.Throws<UserErrorException>(() => policy.FirstTrained(["backbone", "head"])).Message);
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
