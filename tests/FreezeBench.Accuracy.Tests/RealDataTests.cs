using Xunit;

namespace FreezeBench.Accuracy.Tests;

public class RealDataTests
{
    private static readonly string? data = Environment.GetEnvironmentVariable("FREEZEBENCH_DATA");

    private static readonly string[] onFeatures =
    [
        "--device", "cpu", "--threads", "1", "--dataset", "cifar10", "--data-dir", Path.Combine(data ?? "", "cifar10-lossless"), "--policies", "frozen-cached", "--resolution", "32",
        "--batch-size", "16", "--train-limit", "200", "--test-limit", "200", "--epochs", "3",
    ];

    private static readonly string[] pretrainedTwice = ["--weights", Path.Combine(data ?? "", "resnet18-imagenet.pth"), "--seeds", "1,2"];

    // What two tests compare with.
    private static readonly Lazy<RunnerResult> wideRun = new(() => Runner.Run([.. onFeatures, .. pretrainedTwice, "--precision", "fp32"]));

    [Fact]
    public void RealImages_AreLearnedBetterThanByChance_ByFineTuning()
    {
        Assert.SkipWhen(data is null, "FREEZEBENCH_DATA names no folder with real images (cifar10-lossless).");
        var row = Runner.Run(
            "--device", "cpu", "--dataset", "cifar10", "--data-dir", Path.Combine(data!, "cifar10-lossless"), "--policies", "fine-tune", "--batch-size", "16", "--epochs", "8", "--threads", "1",
            "--network", TinyNetworks.Thin, "--train-limit", "300", "--test-limit", "300", "--learning-rate", "0.02", "--schedule", "constant").Rows[^1];

        Assert.Equal((300, 300), (row.TrainTotal, row.TestTotal));
        // Chance is 10 %; with 300 test images its standard error is 1.7 points.
        Assert.True(row.TestAccuracyFraction > 0.17, $"{row.TestAccuracyFraction}");
    }

    [Fact]
    public void PretrainedWeights_BeatRandomOnes_OnRealImages_WithTheBackboneFrozen()
    {
        Assert.SkipWhen(data is null, "FREEZEBENCH_DATA names no folder with real weights and images (resnet18-imagenet.pth, cifar10-lossless).");
        var (random, pretrained) = (Runner.Run([.. onFeatures, "--seed", "1"]).Rows[^1], wideRun.Value.Rows.Last(row => row.Seed == 1));

        Assert.Equal(("random", "resnet18-imagenet.pth"), (random.Weights, pretrained.Weights));
        Assert.Equal(64, pretrained.WeightsSha256.Length);
        // The gap is fifteen to thirty points, by the seed; the standard error of each accuracy is at most 3.5.
        Assert.True(pretrained.TestAccuracyFraction > random.TestAccuracyFraction + 0.1, $"{pretrained.TestAccuracyFraction} against {random.TestAccuracyFraction}");
    }

    [Fact]
    public void Bf16_LearnsAsWellAsFp32_WithinTheNoise()
    {
        Assert.SkipWhen(data is null, "FREEZEBENCH_DATA names no folder with real weights and images (resnet18-imagenet.pth, cifar10-lossless).");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "libtorch's autocast is not reached there.");
        var (wide, narrow) = (wideRun.Value.Ends, Runner.Run([.. onFeatures, .. pretrainedTwice, "--precision", "bf16"]).Ends);

        // Features and head both in 16 bits. Two seeds of 200 test images: the standard error of a mean is 2.5 points at most, that of
        // the difference 3.5; chance is 10 %.
        var (expected, found) = (wide.Average(end => end.TestAccuracyFraction!.Value), narrow.Average(end => end.TestAccuracyFraction!.Value));
        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"fp32 {expected}, bf16 {found}"));
        Assert.InRange(found, expected - 0.09, expected + 0.09);
        Assert.True(found > 0.2, $"{found}");
        Assert.All(wide, end => Assert.Equal("fp32", end.Precision));
        Assert.All(narrow, end => Assert.Equal("bf16", end.Precision));
    }

    [Fact]
    public void AntsAndBees_AreToldApart_ByAHeadOnPretrainedFeatures()
    {
        Assert.SkipWhen(data is null, "FREEZEBENCH_DATA names no folder with real weights and images (resnet18-imagenet.pth, hymenoptera_data).");
        // 40 of each class, since each is decoded twice; ImageFolderTrainingTests reads all of them.
        using var folder = new TemporaryFolder();
        foreach (var of in new[] { "train/ants", "train/bees", "val/ants", "val/bees" })
        {
            Directory.CreateDirectory(folder.File($"hymenoptera_data/{of}"));
            foreach (var image in Directory.GetFiles(Path.Combine(data!, "hymenoptera_data", of)).Order(StringComparer.Ordinal).Take(40))
                File.Copy(image, folder.File($"hymenoptera_data/{of}/{Path.GetFileName(image)}"));
        }
        var row = Runner.Run(
            "--device", "cpu", "--threads", "1", "--dataset", $"imagefolder:{folder.File("hymenoptera_data")}", "--weights", Path.Combine(data!, "resnet18-imagenet.pth"),
            "--policies", "frozen-cached", "--resolution", "96", "--batch-size", "16", "--epochs", "5").Rows[^1];

        Assert.Equal(("imagefolder-hymenoptera-data", 2, 80, 80), (row.Dataset, row.Classes, row.TrainTotal, row.TestTotal));
        // Half of them is chance, whose standard error on 80 images is 6 points.
        Assert.True(row.TestAccuracyFraction > 0.8, $"{row.TestAccuracyFraction}");
    }
}
