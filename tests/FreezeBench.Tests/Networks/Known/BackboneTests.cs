using FreezeBench.Networks.Known;
using FreezeBench.Results;
using Xunit;

namespace FreezeBench.Tests.Networks.Known;

public sealed class BackboneTests
{
    public static TheoryData<string> Names => [.. Backbone.All.Select(backbone => backbone.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Parse_FindsEachNameOfTheList(string name) => Assert.Equal(name, Backbone.Parse(name).Name);

    [Theory]
    [InlineData("resnet101")]
    [InlineData("ResNet18")]
    [InlineData("")]
    public void UnknownName_ListsValidValues(string name)
    {
        var error = Assert.Throws<UserErrorException>(() => Backbone.Parse(name));
        Assert.Equal($"Unknown backbone '{name}'. Valid values: resnet18, resnet34, resnet50.", error.Message);
    }

    [Fact]
    public void FeatureCounts_AreThoseOfThePaper() =>
        Assert.Equal([512, 512, 2048], Backbone.All.Select(backbone => backbone.FeatureCount));
}
