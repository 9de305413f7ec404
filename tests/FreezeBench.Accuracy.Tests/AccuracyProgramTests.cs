using FreezeBench.Accuracy.Options;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Accuracy.Tests;

public class AccuracyProgramTests
{
    [Fact]
    public void EveryEpochOfEveryPolicy_HasARow_ThatNamesWhatWasDone()
    {
        var (rows, ends, output, progress) = Runner.Run(
            [.. Runner.Synthetic, "--policies", "fine-tune,frozen-train-bn", "--epochs", "2", "--seed", "7", "--learning-rate", "0.02", "--schedule", "constant", "--dataset-label", "noise"]);

        Assert.Equal([("fine-tune", 1), ("fine-tune", 2), ("frozen-train-bn", 1), ("frozen-train-bn", 2)], rows.Select(row => (row.Policy, row.Epoch)));
        Assert.All(rows, row =>
        {
            Assert.Equal(("noise", "random", "thin", 7, 2, 16, 8), (row.Dataset, row.Weights, row.Backbone, row.Seed, row.Epochs, row.ResolutionPx, row.BatchSize));
            Assert.Equal((20, 12, 10, "all"), (row.TrainTotal, row.TestTotal, row.Classes, row.ClassSelection));
            Assert.Equal((double)row.TestCorrect / row.TestTotal, row.TestAccuracyFraction);
            Assert.Equal(("sgd", "constant", 0.02, 0.02), (row.Optimizer, row.Schedule, row.LearningRateHead, row.BaseLearningRateHead));
            Assert.Equal((row.Policy, 0), (row.PolicyInForce, row.FeatureExtractionTimeS));
            Assert.True(row.TrainTimeS > 0 && row.EvaluationTimeS > 0 && row.Deterministic);
        });
        Assert.Equal([0.02, 0.02, 0, 0], rows.Select(row => row.LearningRateBackbone));
        Assert.Equal([("fine-tune", "finished", 2), ("frozen-train-bn", "finished", 2)], ends.Select(end => (end.Policy, end.Status, end.EpochsDone)));
        Assert.Equal(rows.Where(row => row.Policy == "fine-tune").Sum(row => row.TrainTimeS), ends[0].TrainTimeS, 1e-12);
        Assert.Equal(4, progress.Split('\n').Count(line => line.Contains(" epoch ", StringComparison.Ordinal) && line.Contains("test", StringComparison.Ordinal)));
        Assert.Contains("4 rows in", output, StringComparison.Ordinal);
        Assert.Contains("\nNo advice on a policy:\n- noise, 10 classes, 16 px, thin, random weights, ", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n').Where(line => !line.Contains("rows in", StringComparison.Ordinal)), line => Assert.True(line.TrimEnd().Length <= 80, line));
    }

    [Theory]
    [InlineData("fine-tune")]
    [InlineData("frozen")]
    [InlineData("frozen-train-bn")]
    [InlineData("frozen-cached")]
    [InlineData("from-layer4")]
    [InlineData("lora:4")]
    [InlineData("probe-then-tune")]
    public void OneImageMoreThanWholeBatches_IsTrainedOn_UnderEveryPolicy(string policy)
    {
        // A ResNet sees 16 px as one pixel in its last two stages: a step of one image has no variance there.
        var (rows, ends, output, progress) = Runner.Run([.. Runner.Smallest, "--train-limit", "17", "--batch-size", "16", "--policies", policy, "--epochs", "2"]);
        Assert.Equal([(policy, "finished")], ends.Select(end => (end.Policy, end.Status)));
        // One policy is no choice.
        Assert.DoesNotContain("advice", output, StringComparison.OrdinalIgnoreCase);
        Assert.All(rows, row => Assert.Equal((17, 16), (row.TrainTotal, row.BatchSize)));
        Assert.Contains("17 images leave one alone: it joins the step before, which has 17", progress, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--batch-size is 1", "1", "8")]
    [InlineData("There is 1 image to train on", "8", "1")]
    public void StepsOfOneImage_AreRefused_WhereBatchNormSeesOnePixel(string told, string batchSize, string images)
    {
        foreach (var policy in new[] { "fine-tune", "frozen-train-bn", "only-layer4" })
        {
            var refusal = Runner.Refusal([.. Runner.Smallest, "--policies", policy, "--batch-size", batchSize, "--train-limit", images]);
            Assert.Contains("gets one value per channel, which has no variance", refusal, StringComparison.Ordinal);
            Assert.Contains(told, refusal, StringComparison.Ordinal);
        }
        Assert.Equal("finished", Assert.Single(Runner.Run([.. Runner.Smallest, "--policies", "frozen", "--batch-size", batchSize, "--train-limit", images]).Ends).Status);
    }

    [Fact]
    public void RandomWeights_AreSaidToTellNothingOfTransfer() =>
        Assert.Contains("The weights are random: accuracies say nothing about transfer", Runner.Run([.. Runner.Synthetic, "--policies", "frozen"]).Progress, StringComparison.Ordinal);

    [Fact]
    public void AddressAsWeights_IsSaidToBeOne() =>
        Assert.Contains("--weights is 'https://example.org/a.pth', an address.", Runner.Refusal([.. Runner.Synthetic, "--weights", "https://example.org/a.pth"]), StringComparison.Ordinal);

    [Theory]
    [InlineData("cifar10", "cifar-10-batches-py")]
    [InlineData("cifar100", "cifar-100-python")]
    public void PythonsVersionOfCifar_IsNamed(string dataset, string name)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File(name));
        foreach (var given in new[] { folder.File(name), Path.GetDirectoryName(folder.File(name))! })
            Assert.Contains("version for Python, whose files are pickles", Runner.Refusal([.. Runner.Tiny, "--dataset", dataset, "--data-dir", given]), StringComparison.Ordinal);
    }

    public static TheoryData<string> OptionsWithValues => [.. new AccuracyOptions().Command.Options.Where(option => option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0).Select(option => option.Name)];

    [Theory]
    [MemberData(nameof(OptionsWithValues))]
    public void EmptyValue_IsOneMessage_ForEveryOption(string option)
    {
        using var errors = new StringWriter();
        using TestConsole console = new();
        Assert.Equal(Programs.CommandLineHost.BadRequest, Programs.CommandLineHost.Run(() => AccuracyProgram.Run([option, ""], console, console), errors));
        Assert.StartsWith("Error: ", errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--out")]
    [InlineData("--checkpoint-dir")]
    [InlineData("--feature-cache")]
    public void FileInThePlaceOfAFolder_IsSaidToBeOne(string option)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "x");
        foreach (var path in new[] { folder.File("file"), folder.File("file/below") })
        {
            using var errors = new StringWriter();
            using TestConsole console = new();
            Assert.Equal(Programs.CommandLineHost.BadRequest, Programs.CommandLineHost.Run(() => AccuracyProgram.Run([.. Runner.Synthetic, option, path], console, console), errors));
            Assert.Contains($"{option} is '{path}', and ", errors.ToString(), StringComparison.Ordinal);
            Assert.Contains(" is a file; give a folder", errors.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FolderOfClasses_IsDivided_AndTheLabelSaysHow()
    {
        using var folder = PictureFolder.OfTwoClasses();
        var (rows, _, _, progress) = Runner.Run([.. Runner.Tiny.SkipLast(4), "--dataset", $"imagefolder:{System.IO.Path.Combine(folder.Path, "train")}", "--split", "0.5:3", "--policies", "frozen"]);
        Assert.Contains("classes     dark, light", progress, StringComparison.Ordinal);
        Assert.EndsWith("-split-0.5:3", Assert.Single(rows).Dataset, StringComparison.Ordinal);
    }

    [Fact]
    public void Drift_IsZeroForFrozen_PositiveForFrozenTrainBn_AndUnknownWhereNothingIsFrozen()
    {
        var rows = Runner.Run([.. Runner.Synthetic, "--policies", "fine-tune,frozen,frozen-train-bn"]).Rows;

        Assert.Null(rows[0].BatchNormDrift);
        Assert.Equal(0, rows[1].BatchNormDrift);
        Assert.True(rows[2].BatchNormDrift > 0);
    }

    [Fact]
    public void ProbeThenTune_CachesFeaturesFirst_AndThenMovesTheBackbone_AtLowerRates()
    {
        var rows = Runner.Run([.. Runner.Synthetic, "--policies", "probe-then-tune", "--epochs", "3", "--probe-epochs", "2", "--learning-rate", "0.02"]).Rows;

        Assert.Equal(["frozen-cached", "frozen-cached", "fine-tune"], rows.Select(row => row.PolicyInForce));
        Assert.All(rows, row => Assert.Equal("probe-then-tune", row.Policy));
        Assert.Equal([0.02, 0.02, 0.006], rows.Select(row => row.BaseLearningRateHead!.Value));
        Assert.Equal([0, 0, 0.006], rows.Select(row => row.BaseLearningRateBackbone!.Value));
        Assert.True(rows[0].FeatureExtractionTimeS > 0 && rows[0].FeatureExtractionTimeS < rows[0].TrainTimeS);
        Assert.Equal([0, 0], rows.Skip(1).Select(row => row.FeatureExtractionTimeS!.Value));
    }

    [Fact]
    public void SameSeed_GivesTheSameRows_AtAnyPlaceInACommand()
    {
        var first = Runner.Run([.. Runner.WithDropout, "--policies", "fine-tune,frozen-cached,probe-then-tune", "--epochs", "2", "--seeds", "3,4"]);
        var second = Runner.Run([.. Runner.WithDropout, "--policies", "probe-then-tune,frozen-cached,fine-tune", "--epochs", "2", "--seeds", "4,3"]);

        Assert.Equal(12, first.Rows.Count);
        Assert.Equal(Learned.All(first.Rows, first.Ends), Learned.All(second.Rows, second.Ends));
        Assert.Equal(6, first.Ends.Select(end => end.FinalWeightsSha256).Distinct().Count());
    }

    [Fact]
    public void OneRunAlone_IsTheSameRun_AsAmongOthers()
    {
        var among = Runner.Run([.. Runner.WithDropout, "--policies", "frozen-train-bn,frozen", "--seeds", "1,2", "--classes", "3,4"]);
        var alone = Runner.Run([.. Runner.WithDropout, "--policies", "frozen", "--seed", "2", "--classes", "4"]);

        Assert.Equal(Learned.All(alone.Rows, alone.Ends), Learned.All(among.Rows.TakeLast(1), among.Ends.TakeLast(1)));
    }

    [Fact]
    public void CachedFeatures_LearnWhatTheFrozenNetworkLearns()
    {
        var rows = Runner.Run([.. Runner.Synthetic, "--policies", "frozen,frozen-cached", "--epochs", "2"]).Rows;

        foreach (var (image, cached) in rows.Take(2).Zip(rows.Skip(2)))
        {
            Assert.Equal((image.TrainCorrect, image.TestCorrect), (cached.TrainCorrect, cached.TestCorrect));
            // Other batch compositions of the same features: libtorch may add in another order, which is 1e-6 of a loss.
            Assert.Equal(image.TrainLoss, cached.TrainLoss, 1e-4);
            Assert.Equal(image.TestLoss, cached.TestLoss, 1e-4);
        }
    }

    [Fact]
    public void DryRun_SaysWhatItWouldTrain_AndWritesNothing()
    {
        using var folder = new TemporaryFolder();
        using TestConsole output = new(), progress = new();

        Assert.Equal(0, AccuracyProgram.Run([.. Runner.Synthetic, "--dry-run", "--seeds", "1,2", "--classes", "2,3", .. Runner.Folders(folder)], output, progress));

        Assert.Contains("seeds 1, 2; 8 runs", progress.Output, StringComparison.Ordinal);
        Assert.Contains("fine-tune, 1 epoch", progress.Output, StringComparison.Ordinal);
        Assert.Contains("frozen, 1 epoch", progress.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void DryRun_FindsClassesThatAreNotThere() =>
        Assert.Contains("'synthetic' has 10 classes; valid numbers: 2 to 10", Runner.Refusal([.. Runner.Synthetic, "--dry-run", "--classes", "2,11"]), StringComparison.Ordinal);

    [Fact]
    public void WeightsFileThatIsNone_IsNamed() =>
        Assert.Contains("no-such-file.pth", Runner.Refusal([.. Runner.Synthetic, "--weights", "no-such-file.pth"]), StringComparison.Ordinal);

    [Fact]
    public void BadRequest_IsOneMessage_AndExitCode2()
    {
        var message = Runner.Refusal("--epochs", "0", "--momentum", "1", "--optimizer", "adagrad", "--seeds", "1,x", "--preset", "both");

        Assert.Contains("--epochs is '0'; it must be a whole number from 1 to 10000", message, StringComparison.Ordinal);
        Assert.Contains("--momentum is '1'; it must be a number from 0 to 0.999.\n", message, StringComparison.Ordinal);
        Assert.Contains("adagrad", message, StringComparison.Ordinal);
        Assert.Contains("--seeds has 'x'", message, StringComparison.Ordinal);
        Assert.Contains("Unknown preset 'both'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFiles_AreNamed() =>
        Assert.Contains("no-such-folder' does not exist", Runner.Refusal("--device", "cpu", "--data-dir", "no-such-folder"), StringComparison.Ordinal);
}
