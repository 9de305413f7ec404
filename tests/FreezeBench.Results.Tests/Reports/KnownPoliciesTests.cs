using FreezeBench.Results.Reports;
using Xunit;

namespace FreezeBench.Results.Tests.Reports;

public class KnownPoliciesTests
{
    [Fact]
    public void Order_IsOfFamilies_ThenOfNumbersByTheirValue_ThenOfNames()
    {
        string[] sorted =
        [
            "fine-tune", "frozen", "frozen-train-bn", "frozen-cached", "bias-only", "norm-only", "lora:4", "lora:16", "from-layer1", "from-layer4", "from-stage2", "from-stage10",
            "only-layer1", "only-layer2", "only-layer10", "probe-then-tune", "from-", "lora:", "own", "zebra",
        ];

        Assert.Equal(sorted, sorted.Reverse().InPolicyOrder(policy => policy));
    }

    [Theory]
    [InlineData("fine-tune", 0)]
    [InlineData("from-layer1", 4)]
    [InlineData("from-layer4", 7)]
    [InlineData("from-block5", 4)]
    [InlineData("only-layer1", 13)]
    [InlineData("only-layer4", 16)]
    [InlineData("lora:8", 12)]
    [InlineData("lora:64", 12)]
    public void Colour_IsOfTheFamily_AndOfTheStageInTurn(string policy, int colour) => Assert.Equal(colour, KnownPolicies.Colour(policy));

    [Fact]
    public void UnknownPolicy_HasAColourOfNoFamily_AndNoFamily()
    {
        Assert.Null(KnownPolicies.FamilyOf("own-policy"));
        Assert.DoesNotContain(KnownPolicies.Colour("own-policy"), KnownPolicies.Families.SelectMany(family => family.Colours));
        // By its letters, not by a hash that each process draws anew: they sum up to 1041, which is the second of four colours.
        Assert.Equal(17, KnownPolicies.Colour("own-policy"));
    }

    [Fact]
    public void EveryFamily_HasColoursOfItsOwn()
    {
        var colours = KnownPolicies.Families.SelectMany(family => family.Colours).ToList();

        Assert.Equal(colours.Distinct(), colours);
    }
}
