using FreezeBench.CommandLine;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Accuracy.Tests;

public class AccuracyProgramTests
{
    private static readonly string[] synthetic = [.. Runner.Tiny, "--dataset", "synthetic"];

    // What must be equal to the last digit between two runs: everything but the clock.
    private static object Learned(AccuracyRow row) =>
        (row.Policy, row.Epoch, row.DataHash, row.TrainLoss, row.TrainCorrect, row.TrainTotal, row.TestLoss, row.TestCorrect, row.TestTotal, row.BatchNormDrift);

    [Fact]
    public void EveryEpochOfEveryPolicy_HasARow_ThatNamesWhatWasDone()
    {
        var (rows, output, progress) = Runner.Run([.. synthetic, "--policies", "fine-tune,frozen-train-bn", "--epochs", "2", "--seed", "7", "--learning-rate", "0.02", "--dataset-label", "noise"]);

        Assert.Equal([("fine-tune", 1), ("fine-tune", 2), ("frozen-train-bn", 1), ("frozen-train-bn", 2)], rows.Select(row => (row.Policy, row.Epoch)));
        Assert.All(rows, row =>
        {
            Assert.Equal(("noise", "random", "resnet18", 7, 2, 16, 8), (row.Dataset, row.Weights, row.Backbone, row.Seed, row.Epochs, row.ResolutionPx, row.BatchSize));
            Assert.Equal((20, 12, 10), (row.TrainTotal, row.TestTotal, row.Classes));
            Assert.Equal((double)row.TestCorrect / row.TestTotal, row.TestAccuracyFraction);
            Assert.Equal(("sgd", 0.02, 0.9, 5e-4), (row.Optimizer, row.LearningRateHead, row.Momentum, row.WeightDecay));
            Assert.True(row.TrainTimeS > 0 && row.EvaluationTimeS > 0 && row.Deterministic);
        });
        Assert.Equal([0.02, 0.02, 0, 0], rows.Select(row => row.LearningRateBackbone));
        Assert.Equal(4, progress.Split('\n').Count(line => line.Contains(" epoch ", StringComparison.Ordinal) && line.Contains("test", StringComparison.Ordinal)));
        Assert.Contains("4 rows in", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n').Where(line => !line.Contains("rows in", StringComparison.Ordinal)), line => Assert.True(line.TrimEnd().Length <= 80, line));
    }

    [Fact]
    public void Drift_IsZeroForFrozen_PositiveForFrozenTrainBn_AndUnknownWhereNothingIsFrozen()
    {
        var rows = Runner.Run([.. synthetic, "--policies", "fine-tune,frozen,frozen-train-bn"]).Rows;

        Assert.Null(rows[0].BatchNormDrift);
        Assert.Equal(0, rows[1].BatchNormDrift);
        Assert.True(rows[2].BatchNormDrift > 0);
    }

    [Fact]
    public void SameSeed_GivesTheSameRows_AtAnyPlaceInACommand()
    {
        var first = Runner.Run([.. synthetic, "--policies", "fine-tune,frozen", "--epochs", "2"]).Rows;
        var second = Runner.Run([.. synthetic, "--policies", "frozen,fine-tune", "--epochs", "2"]).Rows;

        Assert.Equal(first.OrderBy(row => row.Policy).ThenBy(row => row.Epoch).Select(Learned), second.OrderBy(row => row.Policy).ThenBy(row => row.Epoch).Select(Learned));
        Assert.NotEqual(first[0].TrainLoss, Runner.Run([.. synthetic, "--policies", "fine-tune", "--seed", "2"]).Rows[0].TrainLoss);
    }

    [Fact]
    public void CachedFeatures_LearnWhatTheFrozenNetworkLearns()
    {
        var rows = Runner.Run([.. synthetic, "--policies", "frozen,frozen-cached", "--epochs", "2"]).Rows;

        foreach (var (image, cached) in rows.Take(2).Zip(rows.Skip(2)))
        {
            Assert.Equal((image.TrainCorrect, image.TestCorrect), (cached.TrainCorrect, cached.TestCorrect));
            // Other batch compositions of the same features: libtorch may add in another order, which is 1e-6 of a loss.
            Assert.Equal(image.TrainLoss, cached.TrainLoss, 1e-4);
            Assert.Equal(image.TestLoss, cached.TestLoss, 1e-4);
        }
    }

    [Fact]
    public void RealImages_AreLearnedBetterThanByChance_ByFineTuning()
    {
        var data = Environment.GetEnvironmentVariable("FREEZEBENCH_DATA");
        Assert.SkipWhen(data is null, "FREEZEBENCH_DATA names no folder with real images (cifar10-lossless).");
        var row = Runner.Run(
            "--device", "cpu", "--dataset", "cifar10", "--data-dir", Path.Combine(data!, "cifar10-lossless"), "--policies", "fine-tune", "--batch-size", "16", "--epochs", "3", "--threads", "1",
            "--train-limit", "1000", "--test-limit", "300").Rows[^1];

        Assert.Equal((1000, 300), (row.TrainTotal, row.TestTotal));
        // Chance is 10 %; with 300 test images its standard error is 1.7 points.
        Assert.True(row.TestAccuracyFraction > 0.17, $"{row.TestAccuracyFraction}");
    }

    [Fact]
    public void PretrainedWeights_BeatRandomOnes_OnRealImages_WithTheBackboneFrozen()
    {
        var data = Environment.GetEnvironmentVariable("FREEZEBENCH_DATA");
        Assert.SkipWhen(data is null, "FREEZEBENCH_DATA names no folder with real weights and images (resnet18-imagenet.pth, cifar10-lossless).");
        string[] common =
        [
            "--device", "cpu", "--threads", "1", "--dataset", "cifar10", "--data-dir", Path.Combine(data!, "cifar10-lossless"), "--policies", "frozen-cached", "--resolution", "64",
            "--batch-size", "16", "--train-limit", "300", "--test-limit", "200", "--epochs", "20",
        ];
        var random = Runner.Run(common).Rows[^1];
        var pretrained = Runner.Run([.. common, "--weights", Path.Combine(data!, "resnet18-imagenet.pth")]).Rows[^1];

        Assert.Equal(("random", "resnet18-imagenet.pth"), (random.Weights, pretrained.Weights));
        Assert.Equal(64, pretrained.WeightsSha256.Length);
        // The gap is some thirty points; the standard error of each accuracy is at most 3.5.
        Assert.True(pretrained.TestAccuracyFraction > random.TestAccuracyFraction + 0.1, $"{pretrained.TestAccuracyFraction} against {random.TestAccuracyFraction}");
    }

    [Fact]
    public void DryRun_SaysWhatItWouldTrain_AndWritesNothing()
    {
        var folder = Directory.CreateTempSubdirectory("freezebench-").FullName;
        using TestConsole output = new(), progress = new();

        Assert.Equal(0, AccuracyProgram.Run([.. synthetic, "--dry-run", "--out", folder], output, progress));

        Assert.Contains("policies    fine-tune, frozen", progress.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Directory.Delete(folder);
    }

    [Fact]
    public void WeightsFileThatIsNone_IsNamed() =>
        Assert.Contains("no-such-file.pth", Assert.Throws<UserErrorException>(() => Runner.Run([.. synthetic, "--weights", "no-such-file.pth"])).Message, StringComparison.Ordinal);

    [Fact]
    public void BadRequest_IsOneMessage_AndExitCode2()
    {
        using var errors = new StringWriter();
        using var console = new TestConsole();

        var exitCode = CommandLineHost.Run(() => AccuracyProgram.Run(["--epochs", "0", "--momentum", "1", "--optimizer", "adam"], console, console), errors);

        Assert.Equal(CommandLineHost.BadRequest, exitCode);
        Assert.Contains("--epochs is '0'; it must be a whole number from 1 to 10000.\n", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("--momentum is '1'; it must be a number from 0 to 0.999.\n", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("--optimizer", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("--dataset cifar10 needs --data-dir", errors.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFiles_AreNamed() =>
        Assert.Contains("no-such-folder' does not exist", Assert.Throws<UserErrorException>(() => Runner.Run("--device", "cpu", "--data-dir", "no-such-folder")).Message, StringComparison.Ordinal);
}
