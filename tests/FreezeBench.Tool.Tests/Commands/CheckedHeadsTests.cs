using FreezeBench.Results.Checks;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

/// <summary>What <c>check</c> finds in heads, shots, accuracies over classes and per-class.csv.</summary>
public sealed class CheckedHeadsTests : IDisposable
{
    private const string Accuracy = "accuracy.csv";
    private const string Classes = "per-class.csv";

    private readonly MadeUpResults results = new MadeUpResults().Filled();

    public CheckedHeadsTests()
    {
        var store = new ResultStore(results.Folder);
        var epoch = Epoch();
        store.Append(epoch);
        store.Append(MadeUpResults.End([epoch]) with { Head = epoch.Head, Shots = epoch.Shots });
        // 15 of 50: 8 of 20, 7 of 20, and of eight classes with an image or two none.
        store.Append<PerClassRow>([.. Enumerable.Range(0, 10).Select(label => Class(label, label < 2 ? 20 : label < 4 ? 2 : 1, label == 0 ? 8 : label == 1 ? 7 : 0))]);
    }

    public void Dispose() => results.Dispose();

    [Fact]
    public void SoundRows_HaveNoFinding() => Assert.Equal(0, ToolRun.Of("check", results.Root, "--strict").ExitCode);

    [Theory]
    [InlineData(Accuracy, 8, "head", "svm", "unreadable", "valid values: sgd, lbfgs, knn")]
    [InlineData(Accuracy, 8, "policy_in_force", "frozen", "inconsistent-row", "it is lbfgs, which needs cached features, and policy_in_force is frozen.")]
    [InlineData(Accuracy, 8, "head_l2", "unknown", "inconsistent-row", "it is unknown, and head is lbfgs.")]
    [InlineData(Accuracy, 2, "head_l2", "0.1", "inconsistent-row", "it is 0.1, and head is sgd.")]
    [InlineData(Accuracy, 8, "head_l2", "-1", "impossible-value", "it is -1; possible is 0 or more.")]
    [InlineData(Accuracy, 8, "test_top5_correct", "51", "inconsistent-row", "it is 51, above test_total, which is 50.", "test_top5_accuracy_fraction", "1.02")]
    [InlineData(Accuracy, 8, "test_top5_correct", "14", "inconsistent-row", "it is 14, below test_correct, which is 15.", "test_top5_accuracy_fraction", "0.28")]
    [InlineData(Accuracy, 8, "test_top5_accuracy_fraction", "0.5", "inconsistent-row", "it is 0.5; the row's counts and times give 0.8.")]
    [InlineData(Accuracy, 2, "test_balanced_accuracy_fraction", "1", "inconsistent-row", "it is 1, and 10 of 50 test images are correct.")]
    [InlineData(Accuracy, 2, "test_balanced_accuracy_fraction", "0", "inconsistent-row", "it is 0, and 10 of 50 test images are correct.")]
    [InlineData(Accuracy, 2, "test_balanced_accuracy_fraction", "1.5", "impossible-value", "it is 1.5; possible is between 0 and 1.")]
    [InlineData(Accuracy, 8, "learning_rate_decay", "1.5", "impossible-value", "it is 1.5; possible is between 0 and 1.")]
    [InlineData(Accuracy, 8, "unfreeze_every", "0", "impossible-value", "it is 0; possible is 1 or more.")]
    [InlineData(Classes, 2, "test_correct", "21", "inconsistent-row", "it is 21, above test_images, which is 20.")]
    [InlineData(Classes, 2, "test_correct", "9", "inconsistent-row", "16 of run ")]
    [InlineData(Classes, 2, "test_images", "21", "inconsistent-row", "have 51 test images; accuracy.csv has 50.")]
    [InlineData(Classes, 2, "train_images", "29", "inconsistent-row", "it is 29, and shots is 30.")]
    [InlineData(Classes, 2, "label", "10", "inconsistent-row", "has 10 classes, and labels here are 1, 2, 3")]
    [InlineData(Classes, 2, "label", "-1", "impossible-value", "it is -1; possible is 0 or more.")]
    [InlineData(Classes, 3, "label", "0", "duplicate-row", "class 0 of run ")]
    [InlineData(Classes, 2, "epoch", "2", "inconsistent-row", "accuracy.csv has no epoch 2 of run ")]
    public void BrokenCell_IsFound(string file, int line, string column, string value, string kind, string message, string? beside = null, string? besideValue = null)
    {
        results.Edit(file, line, column, value);
        if (beside is not null)
            results.Edit(file, line, beside, besideValue!);
        Assert.Contains(ResultCheck.Run(results.Root).Findings, finding => finding.Kind.Name == kind && finding.File.EndsWith(file, StringComparison.Ordinal) && finding.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void ShotsThatTheImagesContradict_AreFound()
    {
        results.Edit(Accuracy, 8, "shots", "29");
        Assert.Contains(ResultCheck.Run(results.Root).Findings, finding => finding.Message == "it is 29 of each of 10 classes, and train_total is 300.");
    }

    [Fact]
    public void ClassesOfARunThatIsNotThere_AreFound_AndMergedOnesAreNot()
    {
        results.Change(Accuracy, lines => lines.RemoveAt(7));
        Assert.Contains(ResultCheck.Run(results.Root).Findings, finding => finding.File.EndsWith(Classes, StringComparison.Ordinal) && finding.Message.Contains("accuracy.csv has no epoch 1 of run", StringComparison.Ordinal));
    }

    private static AccuracyRow Epoch() => MadeUpResults.Epoch(MadeUpResults.RunId, 1, 1) with
    {
        Policy = "frozen-cached",
        PolicyInForce = "frozen-cached",
        Epochs = 1,
        Head = HeadKind.Lbfgs,
        Optimizer = "lbfgs",
        Schedule = "none",
        HeadL2 = 0.1,
        Shots = 30,
        LearningRateHead = 0,
        BaseLearningRateHead = 0,
        TestCorrect = 15,
        TestAccuracyFraction = 0.3,
        TestTop5Correct = 40,
        TestTop5AccuracyFraction = 0.8,
        TestBalancedAccuracyFraction = (0.4 + 0.35) / 10,
    };

    internal static PerClassRow Class(int label, int images, int correct) => new()
    {
        SchemaVersion = IResultRow.CurrentSchemaVersion,
        RunId = MadeUpResults.RunId,
        EnvironmentId = MadeUpResults.Id,
        Policy = "frozen-cached",
        Kernels = KernelKind.Fast,
        Head = HeadKind.Lbfgs,
        Shots = 30,
        Seed = 1,
        ClassSelection = "all",
        Epoch = 1,
        Label = label,
        ClassName = $"class-{label}",
        TrainImages = 30,
        TestImages = images,
        TestCorrect = correct,
    };
}
