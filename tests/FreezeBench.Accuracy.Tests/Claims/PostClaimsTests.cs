using FreezeBench.Accuracy.Claims;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Claims;

public class PostClaimsTests
{
    private const int AfterOne = 0;
    private const int Under = 1;
    private const int Cheaper = 2;
    private const int Gap = 3;
    private const int Two = 4;

    // Two standard errors at 93.5 % of 1000 images: 2 sqrt(0.935 * 0.065 / 1000) = 1.56 points.
    [Theory]
    [InlineData(960, Verdict.Held)]
    [InlineData(940, Verdict.Undecided)]
    [InlineData(925, Verdict.Undecided)]
    [InlineData(900, Verdict.DidNotHold)]
    public void FineTunedForOneEpoch_HasToRoundTo94Percent(int correct, Verdict expected)
    {
        var claim = Claim(AfterOne, MadeUp.Epoch("fine-tune", correct), MadeUp.Epoch("fine-tune", 100, epoch: 2), MadeUp.Epoch("fine-tune", 100, classes: 2), MadeUp.Epoch("frozen", 100));

        Assert.Equal((expected, $"{correct / 10}.{correct % 10} % (n = 1)"), (claim.Verdict, claim.Measured));
    }

    // 2 sqrt(0.9 * 0.1 / 1000) = 1.90 points.
    [Theory]
    [InlineData(870, Verdict.Held)]
    [InlineData(890, Verdict.Undecided)]
    [InlineData(910, Verdict.Undecided)]
    [InlineData(930, Verdict.DidNotHold)]
    public void Frozen_HasToStayUnder90Percent_AfterItsLastEpoch(int correct, Verdict expected)
    {
        var rows = Epochs("frozen", 10, 950, 950, correct);

        Assert.Equal(expected, Claim(Under, rows).Verdict);
        Assert.Equal($"{correct / 10}.0 % (n = 1) after epoch 3", Claim(Under, rows).Measured);
        Assert.Equal(Verdict.NotMeasured, Claim(Under, rows[..2]).Verdict);
        Assert.Equal("2 epochs are not several (3)", Claim(Under, rows[..2]).Measured);
    }

    [Fact]
    public void SeedThatIsNotAsFar_HoldsTheOthersBack()
    {
        var rows = Epochs("frozen", 10, 100, 200, 300, 400).Concat(Epochs("frozen", 10, 100, 200, 500).Select(row => row with { Seed = 2 })).ToArray();

        Assert.Equal("40.0 % (n = 2) after epoch 3", Claim(Under, rows).Measured);
    }

    [Theory]
    [InlineData(5, Verdict.Held, "frozen 2.0x cheaper")]
    [InlineData(20, Verdict.DidNotHold, "frozen 0.5x cheaper")]
    public void Cost_IsOfAnEpoch_PerImage(double seconds, Verdict expected, string measured)
    {
        var claim = Claim(Cheaper, MadeUp.Epoch("fine-tune", 500, trainTimeS: 10), MadeUp.Epoch("frozen", 500, trainTimeS: 2 * seconds) with { TrainTotal = 200 });

        Assert.Equal((expected, measured), (claim.Verdict, claim.Measured));
    }

    // 0.25 cores are what a machine does by itself.
    [Theory]
    [InlineData(0.25, 0.25, Verdict.Held, "frozen 2.0x cheaper")]
    [InlineData(0.26, 0, Verdict.NotMeasured, "other programs were busy beside the runs, so that their times are wrong")]
    [InlineData(0, 1.5, Verdict.NotMeasured, "other programs were busy beside the runs, so that their times are wrong")]
    public void Cost_IsNotThatOfEpochsBesideOtherPrograms(double besideFineTune, double besideFrozen, Verdict expected, string measured)
    {
        var claim = Claim(Cheaper, MadeUp.Epoch("fine-tune", 500, trainTimeS: 10) with { OthersBusyCores = besideFineTune }, MadeUp.Epoch("frozen", 500, trainTimeS: 5) with { OthersBusyCores = besideFrozen });

        Assert.Equal((expected, measured), (claim.Verdict, claim.Measured));
    }

    [Fact]
    public void CostOfCachedFeatures_IsThatOfTheEpochThatExtractsThem()
    {
        var claim = Claim(Cheaper, MadeUp.Epoch("fine-tune", 500, trainTimeS: 10), MadeUp.Epoch("frozen-cached", 500, trainTimeS: 4), MadeUp.Epoch("frozen-cached", 500, epoch: 2, trainTimeS: 0.01));

        Assert.Equal((Verdict.Held, "frozen-cached, extraction included, 2.5x cheaper"), (claim.Verdict, claim.Measured));
    }

    [Fact]
    public void CostOfCachedFeatures_IsNotThatOfAnEpochThatFoundThemOnDisk()
    {
        AccuracyRow fineTuned = MadeUp.Epoch("fine-tune", 500, trainTimeS: 10), disk = MadeUp.Epoch("frozen-cached", 500, seed: 2, trainTimeS: 0.1) with { FeatureCache = "disk" };

        Assert.Equal((Verdict.NotMeasured, "not both were trained"), Claim(Cheaper, fineTuned, disk) is var none ? (none.Verdict, none.Measured) : default);
        Assert.Equal("frozen-cached, extraction included, 2.5x cheaper", Claim(Cheaper, fineTuned, disk, MadeUp.Epoch("frozen-cached", 500, trainTimeS: 4)).Measured);
    }

    [Fact]
    public void Gap_IsThatOfTheMostClasses_AgainstThatOfTheFewest()
    {
        AccuracyRow[] Rows(int fewFrozen, int manyFrozen) =>
            [MadeUp.Epoch("fine-tune", 950, 2), MadeUp.Epoch("frozen", fewFrozen, 2), MadeUp.Epoch("fine-tune", 950), MadeUp.Epoch("frozen", manyFrozen)];

        // Error of the growth: some 2 points, twice that is 4.
        Assert.Equal(Verdict.Held, Claim(Gap, Rows(940, 800)).Verdict);
        Assert.Equal(Verdict.Undecided, Claim(Gap, Rows(940, 930)).Verdict);
        Assert.Equal(Verdict.DidNotHold, Claim(Gap, Rows(800, 940)).Verdict);
        // 2 sqrt(0.95 * 0.05 / 1000 + 0.94 * 0.06 / 1000) = 2.0; 2 sqrt((0.0475 + 0.16) / 1000) = 2.9.
        Assert.Equal("2 classes +1.0 ± 2.0 points, 10 classes +15.0 ± 2.9 points", Claim(Gap, Rows(940, 800)).Measured);
        Assert.Equal(Verdict.NotMeasured, Claim(Gap, Rows(940, 800)[..2]).Verdict);
    }

    [Fact]
    public void TwoClasses_AreCloseWithinTwoPoints()
    {
        AccuracyRow[] Rows(int frozen) => [MadeUp.Epoch("fine-tune", 99_000, 2, of: 100_000), MadeUp.Epoch("frozen", frozen, 2, of: 100_000)];

        // 2 sqrt((0.99 * 0.01 + 0.98 * 0.02) / 100000) = 0.11 points.
        Assert.Equal((Verdict.Held, "fine-tune 99.0 % (n = 1), frozen 98.0 % (n = 1): gap +1.0 ± 0.1 points"), Claim(Two, Rows(98_000)) is var near ? (near.Verdict, near.Measured) : default);
        Assert.Equal(Verdict.Undecided, Claim(Two, Rows(97_050)).Verdict);
        Assert.Equal(Verdict.DidNotHold, Claim(Two, Rows(96_000)).Verdict);
        Assert.Equal(Verdict.NotMeasured, Claim(Two, Rows(98_000)[..1]).Verdict);
    }

    [Fact]
    public void CachedFeatures_StandForFrozen_WhereThatWasNotTrained()
    {
        Assert.Equal("80.0 % (n = 1) after epoch 3", Claim(Under, Epochs("frozen-cached", 10, 1, 2, 800)).Measured);
        Assert.Equal("70.0 % (n = 1) after epoch 3", Claim(Under, [.. Epochs("frozen-cached", 10, 1, 2, 800), .. Epochs("frozen", 10, 1, 2, 700)]).Measured);
    }

    [Fact]
    public void NoRows_MeasureNothing_AndSayWhatIsMissing() => Assert.All(PostClaims.Check([]), claim =>
    {
        Assert.Equal(Verdict.NotMeasured, claim.Verdict);
        Assert.NotEmpty(claim.Measured);
    });

    private static AccuracyRow[] Epochs(string policy, int classes, params int[] correct) => [.. correct.Select((count, index) => MadeUp.Epoch(policy, count, classes, index + 1))];

    private static Claim Claim(int index, params AccuracyRow[] rows) => PostClaims.Check(rows)[index];
}
