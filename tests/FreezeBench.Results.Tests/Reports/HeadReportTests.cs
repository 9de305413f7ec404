using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using Xunit;
using static FreezeBench.Results.Tests.Reports.MadeUp;

namespace FreezeBench.Results.Tests.Reports;

/// <summary>Heads beside those that are trained in steps, shots over seeds, and accuracies over classes.</summary>
public class HeadReportTests
{
    [Fact]
    public void HeadFoundOnce_StandsBesideThoseInSteps_AndIsNoneOfThem()
    {
        var group = Assert.Single(Groups([.. Training("fine-tune", 1, 800, 900), .. Training("frozen-cached", 1, 600, 700), .. Found(HeadKind.Lbfgs, 1, 750), .. Found(HeadKind.Knn, 1, 650)]));

        Assert.Equal(["fine-tune", "frozen-cached", "frozen-cached lbfgs", "frozen-cached knn"], group.Policies.Select(policy => $"{policy.Name()}"));
        Assert.Equal([0.9, 0.7, 0.75, 0.65], group.Policies.Select(policy => policy.FinalAccuracy.Value));
    }

    [Fact]
    public void HeadsAlone_AreATableToo_AndNoConclusionIsDrawnFromThem()
    {
        var environment = Build([.. Training("fine-tune", 1, 900), .. Found(HeadKind.Lbfgs, 1, 750)]).Environments[0];

        Assert.Equal(2, Assert.Single(environment.Accuracies).Policies.Count);
        Assert.Contains("frozen and fine-tune were not both trained", environment.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public void SeedsOfShots_AreAveraged_AlthoughEachDrewItsOwnImages()
    {
        AccuracyRow[] Shots(int seed, int shots, int correct) =>
            [.. Training("frozen", seed, correct).Select(row => row with { Shots = shots, TrainTotal = shots * row.Classes, DataHash = new string((char)('a' + seed), 64) })];
        var groups = Groups([.. Shots(1, 5, 500), .. Shots(2, 5, 600), .. Shots(1, 25, 700), .. Shots(2, 25, 800)]);

        Assert.Equal([(0.55, 2), (0.75, 2)], groups.Select(group => (Assert.Single(group.Policies).FinalAccuracy.Value, group.Policies[0].Seeds.Count)).OrderBy(pair => pair.Value));
        Assert.Contains(groups, group => group.Settings.Contains("25 of each class drawn by the seed", StringComparison.Ordinal));
    }

    // --train-limit draws by the seed, and no column tells it.
    [Fact]
    public void SeedsThatDrewTheirImages_AreAveraged_AndUnlikeSetsOfOneSeedAreNot()
    {
        AccuracyRow[] Drawn(int seed, int correct, string run, string set = "a") => [.. Training("frozen", seed, correct).Select(row => row with { TrainTotal = 2000, DataHash = $"{set}{seed}", RunId = run })];

        // A second invocation with one of the seeds trained on images that the first one drew, too.
        var group = Assert.Single(Groups([.. Drawn(1, 500, Run), .. Drawn(2, 600, Run), .. Drawn(2, 900, NewerRun).Select(row => row with { Policy = "fine-tune" }), .. Drawn(3, 900, NewerRun).Select(row => row with { Policy = "fine-tune" })]));
        Assert.Equal([("fine-tune", 2, 0.9), ("frozen", 2, 0.55)], group.Policies.Select(policy => (policy.Policy, policy.Seeds.Count, policy.FinalAccuracy.Value)));
        Assert.Contains("2000 training and 1000 test images, drawn by the seed, batch", group.Settings, StringComparison.Ordinal);

        Assert.Equal(2, Groups([.. Drawn(1, 500, Run), .. Drawn(1, 600, Run, "b").Select(row => row with { Policy = "fine-tune" })]).Count);
        Assert.Equal(2, Groups([.. Drawn(1, 500, Run), .. Drawn(2, 600, NewerRun)]).Count);
    }

    [Fact]
    public void UnlikeDecaysAndUnfreezings_AreUnlikeRecipes()
    {
        var plain = Training("fine-tune", 1, 700);
        var groups = Groups([.. plain, .. Changed(2, row => row with { LearningRateDecay = 0.65 }), .. Changed(3, row => row with { UnfreezeEvery = 2 })]);

        Assert.Equal(3, groups.Count);
        Assert.Contains(groups, group => group.Settings.Contains("rates times 0.65 from stage to stage", StringComparison.Ordinal) || group.Settings.Contains("a stage more every 2 epochs", StringComparison.Ordinal));

        static AccuracyRow[] Changed(int seed, Func<AccuracyRow, AccuracyRow> change) => [.. Training("fine-tune", seed, 800).Select(change)];
    }

    [Fact]
    public void ClassesAreShown_WhereTheyAreUneven_WithTheMeanOverSeeds()
    {
        AccuracyRow[] rows = [.. Training("frozen", 1, 500).Select(Balanced), .. Training("frozen", 2, 500).Select(Balanced)];
        PerClassRow[] classes = [.. rows.SelectMany(row => new[] { Class(row, 0, 100, row.Seed * 10), Class(row, 1, 50, 40) })];
        var report = Build(rows, classes);
        var policy = Assert.Single(Assert.Single(report.Environments[0].Accuracies).Policies);

        Assert.Equal([new ClassAccuracy("class <0>", 7, 100, 0.15), new ClassAccuracy("class <1>", 7, 50, 0.8)], policy.ClassAccuracies.Select(one => one with { Accuracy = Math.Round(one.Accuracy!.Value, 12) }));
        Assert.Equal(0.4, policy.BalancedAccuracy!.Value, 1e-12);
        using var text = new StringWriter();
        MarkdownReport.Write(report, text);
        Assert.Contains("| class | training images | test images | `frozen` |", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("| 7 | 100 | 15.0 % |", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("balanced accuracy", text.ToString(), StringComparison.Ordinal);

        static AccuracyRow Balanced(AccuracyRow row) => row with { TestBalancedAccuracyFraction = 0.4 };
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    public void TopFive_IsShownWithMoreThanTenClasses(int classes, bool shown)
    {
        var report = Build([.. Training("frozen", 1, 500).Select(row => row with { Classes = classes, TestTop5Correct = 900, TestTop5AccuracyFraction = 0.9 })]);
        using var text = new StringWriter();
        MarkdownReport.Write(report, text);

        Assert.Equal(shown, text.ToString().Contains("top-5", StringComparison.Ordinal));
        Assert.Equal(shown, text.ToString().Contains("90.0 % (88.0 to 91.7)", StringComparison.Ordinal));
    }

    private static AccuracyRow[] Found(HeadKind head, int seed, int correct) =>
        [.. Training("frozen-cached", seed, correct).Select(row => row with { Head = head, Epochs = 1, Optimizer = head.Word(), Schedule = "none", HeadL2 = head == HeadKind.Lbfgs ? 0.01 : null, BaseLearningRateHead = 0, LearningRateHead = 0 })];

    private static PerClassRow Class(AccuracyRow of, int label, int images, int correct) => new()
    {
        SchemaVersion = of.SchemaVersion,
        RunId = of.RunId,
        EnvironmentId = of.EnvironmentId,
        Policy = of.Policy,
        Kernels = of.Kernels,
        Head = of.Head,
        Shots = of.Shots,
        Seed = of.Seed,
        ClassSelection = of.ClassSelection,
        Epoch = of.Epoch,
        Label = label,
        ClassName = $"class <{label}>",
        TrainImages = 7,
        TestImages = images,
        TestCorrect = correct,
    };

    private static Report Build(IEnumerable<AccuracyRow> epochs, IReadOnlyList<PerClassRow>? classes = null) =>
        ReportBuilder.Build(Set(MadeUp.Environment([], epochs) with { PerClass = classes ?? [] }));

    private static IReadOnlyList<AccuracyGroup> Groups(IEnumerable<AccuracyRow> epochs) => Build(epochs).Environments[0].Accuracies;
}
