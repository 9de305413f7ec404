using FreezeBench.Freezing;
using FreezeBench.Training;
using Xunit;
using static FreezeBench.Tests.Training.TinyTraining;

namespace FreezeBench.Tests.Training;

public class TrainerTests
{
    public static TheoryData<string> EveryPolicy => Policies;

    public static TheoryData<string> PoliciesOnImages => [.. Kinds.Except(["frozen-cached"])];

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void Phases_AreReportedInOrder_OnceAStep(string policy)
    {
        using var data = TinyImages();
        using var trainer = Ready(data, FreezingPolicy.Parse(policy));
        var events = new EventList();
        trainer.Step(0, events);
        trainer.Step(1, events);

        string[] step = ["begins", "Data", "ZeroGrad", "Forward", "Loss", "Backward", "Optimizer"];
        Assert.Equal([.. step, .. step], events.Events);
    }

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void Loss_DecreasesWhereATinySetIsLearntByHeart(string policy)
    {
        using var data = TinyImages(count: 6);
        using var trainer = Ready(data, FreezingPolicy.Parse(policy), batchSize: 6, learningRate: 0.05);
        var first = trainer.TrainEpoch(0).Training.MeanLoss;
        for (var epoch = 1; epoch < 16; epoch++)
            trainer.TrainEpoch(epoch);
        var last = trainer.TrainEpoch(16).Training.MeanLoss;

        Assert.True(last < 0.8 * first, $"The loss went from {first} to {last}.");
    }

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void Epoch_CountsEveryImageOnce_AndItsStepsAreWithinIt(string policy)
    {
        using var data = TinyImages(count: 10);
        using var trainer = Ready(data, FreezingPolicy.Parse(policy), batchSize: 4);
        foreach (var epoch in new[] { 0, 1 })
        {
            var result = trainer.TrainEpoch(epoch);
            Assert.Equal(10, result.Training.Count);
            Assert.InRange(result.Training.Correct, 0, 10);
            Assert.InRange(result.StepsDuration, TimeSpan.FromTicks(1), result.Duration);
        }
        Assert.Equal(3, trainer.StepsPerEpoch);
        Assert.Equal(10, trainer.ImagesPerEpoch);
    }

    [Fact]
    public void StepEpochAndShuffle_WithoutNeededFeatures_SayWhatToCall()
    {
        using var data = TinyImages();
        using var trainer = New(data, FreezingPolicy.FrozenCached);
        const string Expected = "Policy 'frozen-cached' needs ExtractFeatures before the first step.";

        Assert.True(trainer.NeedsFeatures);
        Assert.Equal(Expected, Assert.Throws<InvalidOperationException>(() => trainer.Step(0, NoObserver.Instance)).Message);
        Assert.Equal(Expected, Assert.Throws<InvalidOperationException>(() => trainer.TrainEpoch(0)).Message);
        Assert.Equal(Expected, Assert.Throws<InvalidOperationException>(() => trainer.Shuffle(0)).Message);

        Assert.True(trainer.ExtractFeatures() > TimeSpan.Zero);
        Assert.False(trainer.NeedsFeatures);
        trainer.Step(0, NoObserver.Instance);
    }

    [Theory]
    [MemberData(nameof(PoliciesOnImages))]
    public void ExtractFeatures_IsRefused_WhereThePolicyTrainsOnImages(string policy)
    {
        using var data = TinyImages();
        using var trainer = New(data, FreezingPolicy.Parse(policy));

        Assert.False(trainer.NeedsFeatures);
        Assert.Equal(
            $"Policy '{policy}' trains on images; only a policy that caches features extracts them.",
            Assert.Throws<InvalidOperationException>(() => trainer.ExtractFeatures()).Message);
    }

    [Theory]
    [InlineData("fine-tune")]
    [InlineData("frozen-cached")]
    public void Trainer_OwnsNoData(string policy)
    {
        using var data = TinyImages();
        using var test = TinyImages(seed: 2);
        using (var trainer = Ready(data, FreezingPolicy.Parse(policy)))
            trainer.Evaluate(test);

        Assert.False(data.Images.IsInvalid || data.Labels.IsInvalid || test.Images.IsInvalid || test.Labels.IsInvalid);
    }

    private sealed class EventList : IPhaseObserver
    {
        public List<string> Events { get; } = [];

        public void StepBegins() => Events.Add("begins");

        public void PhaseEnds(StepPhase phase) => Events.Add(phase.ToString());
    }

    [Theory]
    [InlineData(10, 4, 3, 2)]
    [InlineData(8, 4, 2, 2)]
    [InlineData(9, 4, 2, 1)]
    [InlineData(5, 4, 1, 0)]
    [InlineData(3, 4, 1, 0)]
    public void Steps_CountASmallerLastBatch_AndFullStepsDoNot(int images, int batchSize, int steps, int fullSteps)
    {
        using var data = TinyImages(images);
        using var trainer = New(data, FreezingPolicy.Frozen, batchSize);

        Assert.Equal((steps, fullSteps), (trainer.StepsPerEpoch, trainer.FullStepsPerEpoch));
    }
}
