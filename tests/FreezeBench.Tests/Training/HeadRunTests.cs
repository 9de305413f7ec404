using FreezeBench.Freezing;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using FreezeBench.Training;
using Xunit;
using static FreezeBench.Tests.Training.TinyTraining;

namespace FreezeBench.Tests.Training;

/// <summary>Runs whose head is found once on cached features.</summary>
public sealed class HeadRunTests : IDisposable
{
    private readonly Temporary folder = new();
    private readonly FreezeBench.Images.Sets.ImageDataSet training = TinyImages(12);
    private readonly FreezeBench.Images.Sets.ImageDataSet test = TinyImages(7, seed: 2);

    public void Dispose()
    {
        training.Dispose();
        test.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(HeadKind.Lbfgs)]
    [InlineData(HeadKind.Knn)]
    public void Run_IsOneEpochWithoutSteps_TheSameEachTime_AndCanBeSavedAndRestored(HeadKind head)
    {
        List<(int, int)> told = [];
        using var run = new TrainingRun(Options(head));
        var outcome = run.NextEpoch((done, of) => told.Add((done, of)));
        run.Save(Path.Combine(folder.Folder, "end"));
        using var again = new TrainingRun(Options(head));
        using var restored = new TrainingRun(Options(head));
        restored.Restore(Path.Combine(folder.Folder, "end"));

        Assert.True(run.Finished && restored.Finished);
        Assert.Equal(outcome.Timeless(), again.NextEpoch().Timeless());
        Assert.Equal((run.WeightsSha256(), run.WeightsSha256()), (again.WeightsSha256(), restored.WeightsSha256()));
        Assert.Equal((12, 7, head == HeadKind.Lbfgs), (outcome.Train.Count, outcome.Test.Count, outcome.HeadL2 is not null));
        Assert.Equal((0, 0), (outcome.LearningRates.Head, outcome.LearningRates.Backbone));
        Assert.Equal(head == HeadKind.Lbfgs ? Enumerable.Range(1, 14).Select(done => (done, 14)) : [], told);
        Assert.True(outcome.TrainTime >= outcome.FeatureExtractionTime && outcome.FeatureExtractionTime > TimeSpan.Zero);
    }

    [Fact]
    public void Regression_LearnsWhatItSees_IntoTheNetworksHead_AndNothingElse()
    {
        using var before = new TrainingRun(Options(HeadKind.Knn));
        using var run = new TrainingRun(Options(HeadKind.Lbfgs));
        var outcome = run.NextEpoch();

        // 12 images in as many dimensions as a tiny network's features: with a penalty a line sets them apart nearly, and the head drawn at random does not.
        Assert.True(outcome.Train.AccuracyFraction > 0.8, $"{outcome.Train}");
        Assert.NotEqual(before.WeightsSha256(), run.WeightsSha256());
        before.Save(Path.Combine(folder.Folder, "before"));
        run.Save(Path.Combine(folder.Folder, "after"));
        Assert.Equal(["network.fc.bias", "network.fc.weight"], ChangedTensors.Between(Path.Combine(folder.Folder, "before"), Path.Combine(folder.Folder, "after")));
    }

    [Fact]
    public void OneImageOfEachClass_IsSaid_ForThereIsNothingToChooseAStrengthBy()
    {
        List<string> said = [];
        using var few = TinyImages(2);
        using var run = new TrainingRun(Options(HeadKind.Lbfgs) with { Training = few, Says = said.Add });
        var outcome = run.NextEpoch();

        Assert.Equal(0.01, outcome.HeadL2!.Value, 1e-12);
        Assert.Equal("no class has two training images to choose an L2 strength by: 0.01 is taken", Assert.Single(said));
    }

    [Theory]
    [InlineData("frozen", 1)]
    [InlineData("fine-tune", 1)]
    [InlineData("probe-then-tune", 2)]
    [InlineData("frozen-cached", 2)]
    public void OtherPoliciesAndMoreEpochs_AreRefused(string strategy, int epochs)
    {
        var error = Assert.Throws<UserErrorException>(() => new TrainingRun(TinyRun.Options(training, test, Strategy.Parse(strategy), epochs) with { Head = HeadKind.Lbfgs }));
        Assert.Contains($"it takes policy frozen-cached and 1 epoch, not {strategy} and {epochs}", error.Message, StringComparison.Ordinal);
    }

    private TrainingRunOptions Options(HeadKind head) => TinyRun.Options(training, test, Strategy.Of(FreezingPolicy.FrozenCached), epochs: 1) with { Head = head };
}
