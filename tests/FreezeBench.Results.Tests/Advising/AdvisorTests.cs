using FreezeBench.Results.Advising;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Tests.Reports;
using Xunit;
using static FreezeBench.Results.Tests.Advising.Trainings;

namespace FreezeBench.Results.Tests.Advising;

public class AdvisorTests
{
    [Fact]
    public void SeedsThatDrewTheirImages_AreOneGroup()
    {
        var advice = Trainings.Advice(Enumerable.Range(1, 2).SelectMany(seed => Trainings.Of("fine-tune", seed, 10, 800, 900).Concat(Trainings.Of("frozen", seed, 1, 700, 850)).Select(row => row with { DataHash = $"seed {seed}" })));

        Assert.Contains("drawn by the seed", Assert.Single(advice.Groups).Settings, StringComparison.Ordinal);
        Assert.Empty(advice.Refused);
    }

    [Fact]
    public void ClearlyBest_IsTheChoice_WithTheFrontierBeforeIt()
    {
        var group = Group([.. Of("fine-tune", 1, 100, 950), .. Of("frozen-cached", 1, 10, 800, 790, 810)]);

        Assert.True(group.IsDecided);
        Assert.Equal(("fine-tune", 1, 100.0), (group.Choice.Policy, group.Choice.Epoch, group.Choice.TrainTimeS));
        Assert.Equal([("frozen-cached", 1, 10.0), ("frozen-cached", 3, 30.0), ("fine-tune", 1, 100.0)], group.Frontier.Select(point => (point.Policy, point.Epoch, point.TrainTimeS)));
        // 0.95 - 0.81 = 0.14, and 1.959964 sqrt(0.95 0.05 / 1000 + 0.81 0.19 / 1000) = 0.0278.
        var cached = group.Ways[1];
        Assert.Equal((0.14, 0.1122, 0.1678), (Math.Round(cached.BehindBest.Value, 4), Math.Round(cached.BehindBest.Lower!.Value, 4), Math.Round(cached.BehindBest.Upper!.Value, 4)));
        Assert.Equal((Reach.Beyond, 3), (cached.Reach, cached.Epoch));
    }

    /// <summary>Differences 0.005, 0.004 and 0.008: mean 0.005667, s = 0.0020817, t(0.975, 2) s / sqrt(3) = 0.0051713.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(1.1, true)]
    public void SharedSeeds_ArePaired(double points, bool decided)
    {
        AccuracyRow[] rows = [.. Of("fine-tune", 1, 100, 950), .. Of("fine-tune", 2, 100, 952), .. Of("fine-tune", 3, 100, 954), .. Of("frozen-cached", 1, 10, 945), .. Of("frozen-cached", 2, 10, 948), .. Of("frozen-cached", 3, 10, 946)];
        var group = Group(rows, new AdviceOptions { WithinPoints = points });

        Assert.Equal(("frozen-cached", decided), (group.Choice.Policy, group.IsDecided));
        Assert.Equal((0.005667, 0.000496, 0.010838), (Math.Round(group.Choice.BehindBest.Value, 6), Math.Round(group.Choice.BehindBest.Lower!.Value, 6), Math.Round(group.Choice.BehindBest.Upper!.Value, 6)));
        Assert.Equal([1, 2, 3], group.Choice.Seeds);
        if (!decided)
            Assert.Equal(["frozen-cached after 1 epoch may be farther than 1 point from the best: 0.6 (0.0 to 1.1) points behind"], group.Doubts);
    }

    [Fact]
    public void UnlikeSeeds_AreComparedByWelch()
    {
        var group = Group([.. Of("fine-tune", 1, 100, 950), .. Of("fine-tune", 2, 100, 960), .. Of("frozen", 3, 10, 900), .. Of("frozen", 4, 10, 910)]);

        // Standard errors 0.005 each; t(0.975, 2) sqrt(2) 0.005 = 0.030424.
        var behind = group.Ways.Single(way => way.Policy == "frozen").BehindBest;
        Assert.Equal((0.05, 0.019576), (Math.Round(behind.Value, 6), Math.Round(behind.Lower!.Value, 6)));
    }

    [Fact]
    public void SeedsThatAgreeToTheImage_TellNoScatter_SoTheTestImagesDo()
    {
        var group = Group([.. Of("fine-tune", 1, 100, 950), .. Of("fine-tune", 2, 100, 951), .. Of("frozen", 1, 10, 930), .. Of("frozen", 2, 10, 931)]);

        // 0.02, and 1.959964 sqrt(0.9505 0.0495 / 1000 + 0.9305 0.0695 / 1000) = 0.0207.
        Assert.Equal((0.02, 0.0407), (Math.Round(group.Ways[1].BehindBest.Value, 4), Math.Round(group.Ways[1].BehindBest.Upper!.Value, 4)));
    }

    [Fact]
    public void TwoWaysToOneNetwork_DifferByNothing()
    {
        var group = Group([.. Of("frozen", 1, 100, 900), .. Of("frozen-cached", 1, 10, 900).Select(row => row with { TestLoss = row.TestLoss + 1e-7 })]);
        var other = Group([.. Of("frozen", 1, 100, 900), .. Of("fine-tune", 1, 10, 900).Select(row => row with { TestLoss = row.TestLoss + 0.1 })]);

        Assert.Equal(("frozen-cached", true, 0.0), (group.Choice.Policy, group.IsDecided, group.Ways[1].BehindBest.Upper));
        Assert.True(other.Ways[1].BehindBest.Upper > 0.02);
    }

    [Fact]
    public void QuickerPolicy_ThatMayBeNearEnough_IsADoubt()
    {
        // 0.02 behind, bounds 0.0007 to 0.0393.
        var group = Group([.. Of("fine-tune", 1, 100, 950), .. Of("frozen-cached", 1, 10, 930)]);

        Assert.Equal("fine-tune", group.Choice.Policy);
        Assert.Equal("frozen-cached after 1 epoch takes less time and may be near enough too (2.0 (-0.1 to 4.1) points behind)", Assert.Single(group.Doubts));
    }

    [Fact]
    public void TimesWithinTheirScatter_AreADoubt()
    {
        AccuracyRow[] Pair(double slower) => [.. Of("frozen", 1, slower, 900), .. Of("frozen-cached", 1, 10, 900)];

        Assert.Contains("the difference of the times is within their scatter", Assert.Single(Group(Pair(10.8)).Doubts), StringComparison.Ordinal);
        Assert.True(Group(Pair(11)).IsDecided);
    }

    [Fact]
    public void OtherWork_OnlyMakesTimesLonger()
    {
        AccuracyRow[] Of(double busyFrozen, double busyCached) =>
            [.. Trainings.Of("frozen", 1, 100, 900).Select(row => row with { OthersBusyCores = busyFrozen }), .. Trainings.Of("frozen-cached", 1, 10, 900).Select(row => row with { OthersBusyCores = busyCached })];

        Assert.True(Group(Of(0.1, 0.2)).IsDecided);
        var quick = Group(Of(0.1, 0.5));
        Assert.Equal((true, true, false), (quick.IsDecided, quick.Choice.Disturbed, quick.Ways[1].Disturbed));
        Assert.Contains("took longer beside other programs", Assert.Single(Group(Of(0.5, 0)).Doubts), StringComparison.Ordinal);
        // What a person remarked counts as what was measured.
        var remarked = Assert.Single(Advice(Of(0, 0), remarks: [MadeUp.Disturbed(MadeUp.Run, "a build ran")]).Groups);
        Assert.Equal([true, true], remarked.Ways.Select(way => way.Disturbed));
    }

    [Fact]
    public void FeaturesFromDisk_LeaveTheTimeOpen()
    {
        var group = Group([.. Of("fine-tune", 1, 100, 900), .. Of("frozen-cached", 1, 1, 900).Select(row => row with { FeatureCache = AccuracyRow.FeaturesFromDisk, TestLoss = 3 })]);

        Assert.True(group.Choice.WithoutExtraction);
        Assert.Contains("fine-tune after 1 epoch may be near enough too (0.0 (-2.6 to 2.6) points behind), and the time of frozen-cached lacks the extraction", Assert.Single(group.Doubts), StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralRecipesOfAPolicy_AreWaysOfTheirOwn_ThatTellWhatDiffers()
    {
        AccuracyRow[] longer = [.. Of("frozen-cached", 1, 10, 890, 895).Select(row => row with { RunId = MadeUp.NewerRun })];
        var group = Group([.. Of("fine-tune", 1, 100, 900), .. Of("frozen-cached", 1, 10, 800), .. longer, .. Of("fine-tune", 1, 300, 880).Select(row => row with { Kernels = KernelKind.Plain })]);

        Assert.Equal(
            [("fine-tune #1", "fast kernels"), ("fine-tune #2", "plain kernels"), ("frozen-cached #1", "2 epochs"), ("frozen-cached #2", "1 epochs")],
            group.Ways.Select(way => (way.Name, way.Recipe)).Order());
    }

    [Fact]
    public void Budget_HasTheBestThatEndsWithinIt()
    {
        AccuracyRow[] rows = [.. Of("fine-tune", 1, 100, 950), .. Of("frozen-cached", 1, 10, 800, 790, 810)];

        Assert.Equal((0.8, 10.0), Figures(20));
        Assert.Equal((0.81, 30.0), Figures(99.9));
        Assert.Equal((0.95, 100.0), Figures(100));
        Assert.Null(Group(rows, new AdviceOptions { TimeBudgetS = 9 }).InBudget);

        (double, double) Figures(double budget) => Group(rows, new AdviceOptions { TimeBudgetS = budget }).InBudget is { } point ? (point.Accuracy.Value, point.TrainTimeS) : default;
    }

    [Fact]
    public void UnlikeTrainings_AreNeverMixed()
    {
        AccuracyRow[] rows = [.. Of("fine-tune", 1, 100, 950), .. Of("frozen", 1, 10, 900)];
        AccuracyRow[] Other(Func<AccuracyRow, AccuracyRow> change) => [.. rows.Select(row => row.Policy == "frozen" ? change(row) : row)];

        Assert.Single(Advice(rows).Groups);
        Assert.All(
            [Other(row => row with { DataHash = "cd34" }), Other(row => row with { ResolutionPx = 64 }), Other(row => row with { WeightsSha256 = "ef" }), Other(row => row with { BatchSize = 64 }), Other(row => row with { TestTotal = 2000 }), Other(row => row with { Precision = "bf16" })],
            mixed => Assert.Equal((0, true), (Advice(mixed).Groups.Count, Advice(mixed).Refused.All(text => text.EndsWith(" alone was trained", StringComparison.Ordinal)))));
    }

    [Fact]
    public void TooLittle_IsRefused_AndSaid()
    {
        AccuracyRow[] rows = [.. Of("fine-tune", 1, 100, 950), .. Of("frozen", 1, 10, 900, 910), .. Of("frozen-cached", 1, 1, 900, 910)];

        Assert.EndsWith("trained from random weights, which says nothing about transfer", Refused(row => row with { Weights = "random" }), StringComparison.Ordinal);
        Assert.EndsWith("trained on made-up images", Refused(row => row with { Dataset = "synthetic" }), StringComparison.Ordinal);
        Assert.EndsWith("99 test images, of 100 that a conclusion needs", Refused(row => row with { TestTotal = 99, TestCorrect = 9, TestAccuracyFraction = 1 / 11.0 }), StringComparison.Ordinal);
        Assert.EndsWith("fine-tune saw 499, frozen saw 998, frozen-cached saw 998", Refused(row => row with { TrainTotal = 499 }), StringComparison.Ordinal);
        // A way that is too short is left out alone.
        var some = Advice(rows.Select(row => row with { TrainTotal = 500 }));
        Assert.Equal(["frozen-cached", "frozen"], Assert.Single(some.Groups).Ways.Select(way => way.Policy));
        Assert.StartsWith("fine-tune: 500 training images seen, of 1000", Assert.Single(some.Refused), StringComparison.Ordinal);

        string Refused(Func<AccuracyRow, AccuracyRow> change)
        {
            var advice = Advice(rows.Select(change));
            Assert.Empty(advice.Groups);
            return Assert.Single(advice.Refused);
        }
    }

    [Fact]
    public void RunsWithoutAnEnd_AreNamed_AndNotUsed()
    {
        AccuracyRow[] diverged = Of("fine-tune", 2, 100, 100), interrupted = Of("frozen", 2, 10, 999, 999), killed = [.. Of("frozen-cached", 2, 10, 999, 999).Take(1)];
        AccuracyRow[] rows = [.. Of("fine-tune", 1, 100, 950), .. Of("frozen", 1, 10, 900), .. diverged, .. interrupted.Take(1), .. killed];
        RunRow[] ends = [MadeUp.End(rows[0], RunRow.Finished), MadeUp.End(rows[1], RunRow.Finished), MadeUp.End(diverged[0], RunRow.Diverged) with { EpochsDone = 0 }, MadeUp.End(interrupted[0], RunRow.Interrupted)];
        var advice = Advice(rows, ends: ends);

        Assert.Equal([("fine-tune", 1), ("frozen", 1)], Assert.Single(advice.Groups).Ways.Select(way => (way.Policy, way.Seeds.Single())));
        Assert.Equal(3, advice.LeftOut.Count);
        Assert.StartsWith("fine-tune, seed 2, diverged in epoch 1 of 1", advice.LeftOut[0], StringComparison.Ordinal);
        Assert.StartsWith("frozen, seed 2, classes all, was interrupted after epoch 1 of 2", advice.LeftOut[1], StringComparison.Ordinal);
        Assert.StartsWith("frozen-cached, seed 2, classes all, has no end after epoch 1 of 2", advice.LeftOut[2], StringComparison.Ordinal);
        // A later run has made the interrupted one good.
        var again = MadeUp.End(interrupted[1], RunRow.Finished) with { RunId = MadeUp.NewerRun };
        Assert.Equal(2, Advice(rows, ends: [.. ends, again]).LeftOut.Count);
    }

    [Theory]
    [InlineData(-1, null, "--within is -1; it must be from 0 to 100 percentage points.")]
    [InlineData(double.NaN, null, "--within is NaN; it must be from 0 to 100 percentage points.")]
    [InlineData(1, 0.0, "--time-budget is 0; it must be above 0 seconds.")]
    public void Options_AreChecked(double within, double? budget, string message) =>
        Assert.Equal(message, Assert.Throws<UserErrorException>(() => new AdviceOptions { WithinPoints = within, TimeBudgetS = budget }.Validated()).Message);

    private static GroupAdvice Group(IEnumerable<AccuracyRow> rows, AdviceOptions? options = null) => Assert.Single(Advice(rows, options).Groups);
}
