using FreezeBench.Results.Statistics;
using Xunit;

namespace FreezeBench.Results.Tests.Statistics;

public class ParetoLineTests
{
    [Fact]
    public void Beaten_AreLeftOut()
    {
        (string Name, double Cost, double Gain)[] policies = [("dear and worse", 9, 0.5), ("cheap", 1, 0.6), ("best", 8, 0.9), ("middle", 3, 0.8), ("as good, dearer", 4, 0.8), ("as cheap, worse", 1, 0.4)];

        Assert.Equal(["cheap", "middle", "best"], ParetoLine.Of(policies, policy => policy.Cost, policy => policy.Gain).Select(policy => policy.Name));
    }
}
