using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using Xunit;
using static FreezeBench.Results.Tests.Reports.MadeUp;

namespace FreezeBench.Results.Tests.Reports;

public class AccuracyGroupsTests
{
    [Fact]
    public void SeveralSeeds_AreAveraged()
    {
        var policy = Assert.Single(Assert.Single(Groups([.. Training("frozen", 2, 500, 820), .. Training("frozen", 1, 400, 800), .. Training("frozen", 3, 600, 810)])).Policies);

        Assert.Equal([1, 2, 3], policy.Seeds);
        Assert.Equal([new EpochPoint(1, 0.5, 0.4, 0.6, 10), new EpochPoint(2, 0.81, 0.8, 0.82, 21)], policy.Points.Select(point => point with { MeanAccuracy = Math.Round(point.MeanAccuracy, 12) }));
        // s = 0.01, t(0.975, 2) = 4.302652729911275.
        Assert.Equal(0.81, policy.FinalAccuracy.Value, 1e-12);
        Assert.Equal(0.81 - 4.302652729911275 * 0.01 / Math.Sqrt(3), policy.FinalAccuracy.Lower!.Value, 1e-9);
        Assert.Equal((21, 10, 11), (policy.TrainTimeS.Value, policy.FirstEpochS.Value, policy.LaterEpochS!.Value));
        Assert.Equal(3, policy.FinalAccuracy.Origin.Count);
    }

    [Fact]
    public void TimesAreOfRunsThatExtractedTheirFeatures_WhereThereAreSuchRuns()
    {
        AccuracyRow[] FromDisk(int seed) => [.. Training("frozen-cached", seed, 500, 800).Select(row => row with { TrainTimeS = 1, FeatureCache = row.Epoch == 1 ? "disk" : "none" })];
        AccuracyRow[] extracted = [.. Training("frozen-cached", 1, 400, 800)];
        var policy = Assert.Single(Assert.Single(Groups([.. extracted, .. FromDisk(2)])).Policies);
        var disk = Assert.Single(Assert.Single(Groups(FromDisk(2))).Policies);
        // The newer run of the same seed found features on disk.
        var again = Assert.Single(Assert.Single(Groups([.. extracted, .. FromDisk(1).Select(row => row with { RunId = NewerRun })])).Policies);

        Assert.Equal([1, 2], policy.Seeds);
        Assert.Equal((21, 10), (policy.TrainTimeS.Value, policy.FirstEpochS.Value));
        Assert.Equal([10, 21], policy.Points.Select(point => point.TrainTimeS));
        Assert.Equal((2, 1), (disk.TrainTimeS.Value, disk.FirstEpochS.Value));
        Assert.Equal((21, 10), (again.TrainTimeS.Value, again.FirstEpochS.Value));
    }

    [Fact]
    public void OneSeed_HasTheIntervalOfItsTestImages()
    {
        var policy = Assert.Single(Assert.Single(Groups(Training("frozen", 1, 847))).Policies);

        Assert.Equal((0.847, 0.8234, 0.8680), (policy.FinalAccuracy.Value, Math.Round(policy.FinalAccuracy.Lower!.Value, 4), Math.Round(policy.FinalAccuracy.Upper!.Value, 4)));
        Assert.Null(policy.TrainTimeS.Lower);
        Assert.Null(policy.LaterEpochS);
    }

    [Fact]
    public void Energy_IsTheMeanOfAllEpochs_ThenOfSeeds()
    {
        AccuracyRow[] rows = [.. Training("frozen", 1, 500, 820), .. Training("frozen", 2, 400, 800)];
        // Seed 1: 10 and 30 J, seed 2: 20 and 60 J.
        AccuracyRow[] known = [.. rows.Select(row => row with { EnergyJ = row.Seed * (20 * row.Epoch - 10), EnergySource = "rapl" })];

        var policy = Assert.Single(Assert.Single(Groups(known)).Policies);
        Assert.Equal((30, "rapl"), (policy.EpochEnergyJ!.Value, policy.EnergySource));
        Assert.Equal(2, policy.EpochEnergyJ.Origin.Count);

        AccuracyRow[] gap = [.. known.Select(row => row.Seed == 2 && row.Epoch == 2 ? row with { EnergyJ = null, EnergySource = "unknown" } : row)];
        AccuracyRow[] mixed = [.. known.Select(row => row.Seed == 2 ? row with { EnergySource = "nvml" } : row)];
        Assert.All([gap, mixed, rows], group => Assert.Equal((null, null), (Assert.Single(Assert.Single(Groups(group)).Policies).EpochEnergyJ, Assert.Single(Assert.Single(Groups(group)).Policies).EnergySource)));
    }

    [Fact]
    public void ThrottledRun_IsMarkedInItsTimes_AndNotInItsAccuracy()
    {
        AccuracyRow[] rows = [.. Training("frozen", 1, 500, 820), .. Training("fine-tune", 1, 400, 800)];
        // Taken up again after an interruption, by when the machine had cooled down.
        RunRow[] ends = [End(rows[0], RunRow.Interrupted) with { Throttled = true }, End(rows[1], RunRow.Finished) with { Throttled = false }, End(rows[3], RunRow.Finished)];

        var policies = Assert.Single(Groups(rows, ends)).Policies.ToDictionary(policy => policy.Policy);
        Assert.Equal(
            (true, true, true, false, false),
            (policies["frozen"].TrainTimeS.Origin.Throttled, policies["frozen"].FirstEpochS.Origin.Throttled, policies["frozen"].LaterEpochS!.Origin.Throttled,
                policies["frozen"].FinalAccuracy.Origin.Throttled, policies["fine-tune"].TrainTimeS.Origin.Throttled));
    }

    [Fact]
    public void BoundsOfSeeds_StayWithinZeroAndOne() =>
        Assert.Equal(1, Assert.Single(Assert.Single(Groups([.. Training("frozen", 1, 1000), .. Training("frozen", 2, 900)])).Policies).FinalAccuracy.Upper);

    [Fact]
    public void SameSeedTwice_TheNewestRunCounts() => Assert.Equal(0.9, Assert.Single(Assert.Single(Groups(
        [.. Training("frozen", 1, 900).Select(row => row with { RunId = NewerRun }), .. Training("frozen", 1, 100)])).Policies).FinalAccuracy.Value);

    [Fact]
    public void UnfinishedRuns_DoNotCount()
    {
        AccuracyRow[] broken = [.. Training("frozen", 2, 100, 200, 300).Take(2)];
        AccuracyRow[] interrupted = [.. Training("frozen", 3, 100, 200)];
        AccuracyRow[] target = [.. Training("frozen", 4, 700, 750, 800).Take(2)];
        AccuracyRow[] resumed = [.. Training("frozen", 5, 700, 850)];
        RunRow[] ends = [End(interrupted[1], RunRow.Interrupted), End(target[1], RunRow.TargetReached), End(resumed[0], RunRow.Interrupted), End(resumed[1], RunRow.Finished)];

        var group = Groups([.. Training("frozen", 1, 700, 800), .. broken, .. interrupted, .. target, .. resumed], ends);

        // The run to a target was asked for more epochs, which is another recipe.
        Assert.Equal([[1, 5], [4]], group.Select(accuracies => Assert.Single(accuracies.Policies).Seeds));
    }

    [Fact]
    public void UnlikeRecipes_AreNeverAveraged()
    {
        var older = Training("frozen", 1, 500).Select(row => row with { BaseLearningRateHead = 0.5 });
        var groups = Groups([.. older, .. Training("frozen", 2, 700).Select(row => row with { RunId = NewerRun }), .. Training("fine-tune", 1, 800)]);

        Assert.Equal(2, groups.Count);
        Assert.Equal([("fine-tune", 0.8), ("frozen", 0.7)], groups[0].Policies.Select(policy => (policy.Policy, policy.FinalAccuracy.Value)));
        Assert.Equal(0.5, Assert.Single(groups[1].Policies).FinalAccuracy.Value);
        Assert.Contains("learning rates 0.5 (head) and 0 (backbone)", groups[1].Settings, StringComparison.Ordinal);
    }

    [Fact]
    public void UnlikeImages_AreGroups_ThatTheirSettingsTellApart()
    {
        var groups = Groups([.. Training("frozen", 1, 500), .. Training("fine-tune", 1, 500).Select(row => row with { DataHash = "cd34" })]);

        Assert.Equal(2, groups.Select(group => group.Settings).Distinct().Count());
        Assert.Contains(groups, group => group.Settings.Contains("images cd34", StringComparison.Ordinal));
    }

    [Fact]
    public void Disturbance_MarksTimesAlone()
    {
        var policy = Assert.Single(Assert.Single(Groups(Training("frozen", 1, 500, 600), [], [Disturbed(Run, "a build ran")])).Policies);

        Assert.Equal((false, true, true, true), (policy.FinalAccuracy.Origin.Disturbed, policy.TrainTimeS.Origin.Disturbed, policy.FirstEpochS.Origin.Disturbed, policy.LaterEpochS!.Origin.Disturbed));
    }

    [Fact]
    public void EpochBesideBusyPrograms_LeavesItsRunOutOfTheTimes_WhereThereAreOthers()
    {
        AccuracyRow[] busy = [.. Training("frozen", 2, 400, 800).Select(row => row with { TrainTimeS = 50, OthersBusyCores = row.Epoch == 2 ? 1.4 : 0.1 })];
        var both = Assert.Single(Assert.Single(Groups([.. Training("frozen", 1, 500, 600), .. busy])).Policies);
        var alone = Assert.Single(Assert.Single(Groups(busy)).Policies);
        // The run was made again beside other programs: the bits are the same, the times are not.
        var again = Assert.Single(Assert.Single(Groups([.. Training("frozen", 2, 400, 800), .. busy.Select(row => row with { RunId = NewerRun })])).Policies);

        Assert.Equal((21, 1, false, 2), (both.TrainTimeS.Value, both.TrainTimeS.Origin.Count, both.TrainTimeS.Origin.Disturbed, both.FinalAccuracy.Origin.Count));
        Assert.Equal([10, 21], both.Points.Select(point => point.TrainTimeS));
        Assert.Equal((100, true, false), (alone.TrainTimeS.Value, alone.TrainTimeS.Origin.Disturbed, alone.FinalAccuracy.Origin.Disturbed));
        Assert.Equal((21, false), (again.TrainTimeS.Value, again.TrainTimeS.Origin.Disturbed));
    }

    private static IReadOnlyList<AccuracyGroup> Groups(IEnumerable<AccuracyRow> epochs, IEnumerable<RunRow>? runs = null, IEnumerable<RemarkRow>? remarks = null) =>
        ReportBuilder.Build(Set(Environment(epochs: epochs, runs: runs, remarks: remarks))).Environments[0].Accuracies;
}
