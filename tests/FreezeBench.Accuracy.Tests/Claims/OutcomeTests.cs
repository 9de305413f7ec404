using FreezeBench.Accuracy.Claims;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Claims;

public class OutcomeTests
{
    [Fact]
    public void StandardError_IsTheBinomials_AndSeedsDoNotLowerIt()
    {
        var one = Outcome.Of([MadeUp.Epoch("frozen", 800)])!;
        var two = Outcome.Of([MadeUp.Epoch("frozen", 700), MadeUp.Epoch("frozen", 900, seed: 2)])!;

        // sqrt(0.8 * 0.2 / 1000)
        Assert.Equal(0.012649110640673518, one.StandardError, 1e-12);
        Assert.Equal((0.8, 2, 1), (Math.Round(two.Mean, 12), two.Seeds, two.Epoch));
        Assert.Equal(one.StandardError, two.StandardError, 1e-12);
    }

    [Fact]
    public void ErrorOfADifference_IsTheRootOfTheSquares() =>
        // Of 3 and 4 comes 5.
        Assert.Equal(0.05, new Outcome(0.5, 0.03, 1, 1).ErrorWith(new Outcome(0.5, 0.04, 1, 1)), 1e-12);

    [Fact]
    public void NoRows_HaveNoOutcome() => Assert.Null(Outcome.Of([]));
}
