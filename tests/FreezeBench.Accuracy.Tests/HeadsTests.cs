using FreezeBench.Accuracy.Tests.Options;
using FreezeBench.Results.Rows;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Accuracy.Tests;

/// <summary>Heads on cached features, shots, rates by stage and gradual unfreezing, from the command line to the rows.</summary>
public class HeadsTests
{
    [Fact]
    public void EachHead_IsARun_WithItsRowsAndItsLineInTheTable()
    {
        var (rows, ends, output, progress) = Runner.Run([.. Runner.Synthetic, "--policies", "frozen-cached,fine-tune", "--head", "sgd,lbfgs,knn", "--epochs", "2"]);

        Assert.Equal([HeadKind.Sgd, HeadKind.Sgd, HeadKind.Lbfgs, HeadKind.Knn, HeadKind.Sgd, HeadKind.Sgd], rows.Select(row => row.Head));
        Assert.Equal([HeadKind.Sgd, HeadKind.Lbfgs, HeadKind.Knn, HeadKind.Sgd], ends.Select(end => end.Head));
        var (steps, regression, votes) = (rows[0], rows[2], rows[3]);
        Assert.Equal(("sgd", "cosine", 2, null), (steps.Optimizer, steps.Schedule, steps.Epochs, steps.HeadL2));
        Assert.Equal(("lbfgs", "none", 1, 0.0, 0.0), (regression.Optimizer, regression.Schedule, regression.Epochs, regression.LearningRateHead, regression.BaseLearningRateHead));
        Assert.Contains(regression.HeadL2!.Value, Features.Heads.LogisticChoice.Grid);
        Assert.Equal(("knn", 1, null), (votes.Optimizer, votes.Epochs, votes.HeadL2));
        Assert.All(rows, row =>
        {
            Assert.Equal(row.TestTop5AccuracyFraction, (double)row.TestTop5Correct!.Value / row.TestTotal);
            Assert.InRange(row.TestTop5Correct.Value, row.TestCorrect, row.TestTotal);
            Assert.NotNull(row.TestBalancedAccuracyFraction);
            Assert.Equal((null, null, null), (row.Shots, row.LearningRateDecay, row.UnfreezeEvery));
        });
        Assert.Contains("frozen-cached lbfgs ", output, StringComparison.Ordinal);
        Assert.Contains("frozen-cached knn ", output, StringComparison.Ordinal);
        Assert.Contains("head lbfgs: logistic regression", progress, StringComparison.Ordinal);
        Assert.DoesNotContain("Test accuracy in % by", output, StringComparison.Ordinal);
    }

    [Fact]
    public void SameCommand_FindsTheSameHeads()
    {
        string[] command = [.. Runner.Synthetic, "--policies", "frozen-cached", "--head", "lbfgs,knn"];
        var (first, second) = (Runner.Run(command), Runner.Run(command));
        Assert.Equal(Learned.All(first.Rows, first.Ends), Learned.All(second.Rows, second.Ends));
    }

    [Fact]
    public void Shots_DrawAsManyOfEachClass_ARunEach_AndEndInATableForAReadme()
    {
        var (rows, ends, output, progress) = Runner.Run([.. Runner.Smallest, "--batch-size", "8", "--policies", "frozen-cached", "--head", "lbfgs", "--shots", "1,3", "--seeds", "1,2"]);

        Assert.Equal([(1, 1, 10), (1, 2, 10), (3, 1, 30), (3, 2, 30)], rows.Select(row => (row.Shots!.Value, row.Seed, row.TrainTotal)));
        Assert.Equal([1, 1, 3, 3], ends.Select(end => end.Shots));
        Assert.Equal(4, rows.Select(row => row.DataHash).Distinct().Count());
        Assert.Contains("1, 3 training images of each class, drawn by the seed", progress, StringComparison.Ordinal);
        // The console of tests breaks lines at 80 columns.
        Assert.Contains("no class has two training images to choose an L2 strength by: 0.01 is taken", string.Join(' ', progress.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        var lines = output.Split('\n').Select(line => line.TrimEnd()).ToList();
        Assert.Contains("| policy | classes | 1 | 3 |", lines);
        Assert.Matches(@"^\| frozen-cached lbfgs \| 10 \| [0-9.]+ \([0-9.]+ to [0-9.]+\) \| [0-9.]+ \([0-9.]+ to [0-9.]+\) \|$", lines.Single(line => line.StartsWith("| frozen-cached", StringComparison.Ordinal)));
    }

    [Fact]
    public void UnevenFolder_HasItsClassesInAFileOfTheirOwn_AfterTheLastEpoch()
    {
        using var pictures = PictureFolder.OfTwoClasses().WithImage("train/dark/9.png", 40);
        using var folder = new TemporaryFolder();
        using TestConsole console = new();
        string[] command = [.. Runner.Tiny.SkipLast(4), "--dataset", $"imagefolder:{pictures.Path}", "--policies", "frozen-cached", "--head", "sgd,lbfgs", "--epochs", "2"];
        Assert.Equal(0, AccuracyProgram.Run([.. command, .. Runner.Folders(folder)], console, console));

        var rows = Runner.Rows<PerClassRow>(folder);
        var epochs = Runner.Rows<AccuracyRow>(folder);
        Assert.Equal([(HeadKind.Sgd, 2, "dark", 4), (HeadKind.Sgd, 2, "light", 3), (HeadKind.Lbfgs, 1, "dark", 4), (HeadKind.Lbfgs, 1, "light", 3)], rows.Select(row => (row.Head, row.Epoch, row.ClassName, row.TrainImages)));
        foreach (var run in rows.GroupBy(TrainingRunKey.Of))
        {
            var last = epochs.Where(row => TrainingRunKey.Of(row) == run.Key).MaxBy(row => row.Epoch)!;
            Assert.Equal((last.TestCorrect, last.TestTotal), (run.Sum(row => row.TestCorrect), run.Sum(row => row.TestImages)));
            Assert.Equal(last.TestBalancedAccuracyFraction!.Value, run.Average(row => (double)row.TestCorrect / row.TestImages), 1e-12);
        }
        Assert.DoesNotContain(FreezeBench.Results.Checks.ResultCheck.Run(folder.File("results")).Findings, finding => finding.Kind.Severity == FreezeBench.Results.Checks.Severity.Error);
        Assert.Contains("1 class: 'light' has 3", Runner.Refusal([.. command, "--shots", "4"]), StringComparison.Ordinal);
    }

    [Fact]
    public void DecayAndUnfreezing_AreInTheRows_OfThePoliciesThatHaveThem()
    {
        var (rows, _, _, progress) = Runner.Run([.. Runner.Synthetic, "--policies", "fine-tune,frozen-cached", "--epochs", "2", "--unfreeze-every", "1", "--learning-rate-decay", "0.65"]);

        Assert.Equal(
            [("frozen", 1, null, 0), ("from-layer4", 1, 0.65, 0.01), ("frozen-cached", null, null, 0), ("frozen-cached", (int?)null, (double?)null, 0.0)],
            rows.Select(row => (row.PolicyInForce, row.UnfreezeEvery, row.LearningRateDecay, row.BaseLearningRateBackbone!.Value)));
        Assert.Contains("fine-tune: from-layer4, 1 epoch", progress, StringComparison.Ordinal);
        Assert.Contains("backbone 0.01 times 0.65 a stage", progress, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--head lbfgs --policies fine-tune,frozen", "which policy frozen-cached alone has; --policies is fine-tune, frozen. Add frozen-cached to --policies, or leave --head out.")]
    [InlineData("--head knn", "--head knn finds a head on features that are computed once")]
    [InlineData("--head knn --policies probe-then-tune --epochs 2", "which policy frozen-cached alone has")]
    [InlineData("--head svm --policies frozen-cached", "--head has 'svm'. Valid values: sgd, lbfgs, knn, or several with commas between.")]
    [InlineData("--head lbfgs,lbfgs --policies frozen-cached", "--head has lbfgs twice")]
    [InlineData("--shots 5,0", "--shots has '0'; images of each class are a whole number from 1 to 1000000")]
    [InlineData("--shots 5,x,5", "--shots has 'x'")]
    [InlineData("--shots 5,5", "--shots has 5 twice")]
    [InlineData("--shots 5 --train-limit 9", "--shots draws the same number of images of each class, and --train-limit 9 every class in its share; leave one of them out.")]
    [InlineData("--learning-rate-decay 0.65 --policies frozen,frozen-cached", "no policy of frozen, frozen-cached trains the backbone.")]
    [InlineData("--learning-rate-decay 0", "--learning-rate-decay is '0'; it must be a number above 0 to 1.")]
    [InlineData("--unfreeze-every 1 --policies frozen,only-layer2,bias-only", "--unfreeze-every is for fine-tune and from-STAGE, and --policies is frozen, only-layer2, bias-only.")]
    [InlineData("--unfreeze-every 0", "--unfreeze-every is '0'; it must be a whole number from 1 to 9999.")]
    public void WhatDoesNotGoTogether_IsRefused(string arguments, string message) =>
        Assert.Contains(message, Runner.Refusal([.. Runner.Smallest, .. arguments.Split(' ')]), StringComparison.Ordinal);

    [Fact]
    public void HeadsOfOtherPoliciesThanTheOnesNamed_AreNoConflict() =>
        Assert.Empty(Parsed.Conflicts("--policies", "fine-tune,frozen-cached", "--head", "lbfgs,sgd", "--unfreeze-every", "2", "--learning-rate-decay", "0.65"));
}
