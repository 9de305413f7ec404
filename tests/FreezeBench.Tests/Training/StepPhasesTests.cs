using FreezeBench.Training;
using Xunit;

namespace FreezeBench.Tests.Training;

public class StepPhasesTests
{
    [Fact]
    public void Names_AreThoseOfTheCsv_InRunningOrder() =>
        Assert.Equal(["data", "zero_grad", "forward", "loss", "backward", "optimizer"], StepPhases.All.Select(phase => phase.Name()));

    [Fact]
    public void NoPhase_HasNoName() => Assert.Throws<ArgumentOutOfRangeException>("phase", () => ((StepPhase)6).Name());
}
