using System.Security.Cryptography;
using FreezeBench.Freezing;
using FreezeBench.Images.Decoding;
using FreezeBench.Images.Sets;
using FreezeBench.Optimizing;
using FreezeBench.Results;
using FreezeBench.Results.Machine;
using FreezeBench.Training;
using FreezeBench.Weights.Files;
using Xunit;
using static FreezeBench.Tests.Training.TinyTraining;

namespace FreezeBench.Tests.Training;

public sealed class TrainingRunTests : IDisposable
{
    private readonly ImageDataSet training = TinyImages();
    private readonly ImageDataSet test = TinyImages(seed: 2);

    public static TheoryData<string> EveryStrategy { get; } = new(TinyTraining.Strategies);

    public void Dispose()
    {
        training.Dispose();
        test.Dispose();
    }

    [Theory]
    [InlineData("fine-tune")]
    [InlineData("frozen-cached")]
    public void Energy_IsThatOfTraining_WithoutTheEvaluation(string policy)
    {
        var meter = new Gauge();
        using var run = new TrainingRun(TinyRun.Options(training, test, Strategy.Parse(policy), epochs: 2) with { Energy = meter });
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            var outcome = run.NextEpoch((_, _) => meter.Joules += epoch);
            // Three steps of as many joules as the epoch has; whatever is used between epochs is in none of them.
            Assert.Equal((3.0 * epoch, "nvml"), (outcome.EnergyJ, outcome.EnergySource));
            meter.Joules += 1000;
        }
        using var unmeasured = New(policy);
        Assert.Equal((null, "unknown"), (unmeasured.NextEpoch().EnergyJ, unmeasured.Finish()[^1].EnergySource));
    }

    [Theory]
    [MemberData(nameof(EveryStrategy))]
    public void EveryStrategy_StartsFromTheSameNetwork(string strategy)
    {
        using var folder = new Temporary();
        using var reference = New(FreezingPolicy.FineTune.Name);
        using var run = New(strategy);
        var initial = Network(reference, folder);
        Assert.Equal(initial, Network(run, folder));
        run.NextEpoch();
        Assert.NotEqual(initial, Network(run, folder));
    }

    [Theory]
    [MemberData(nameof(EveryStrategy))]
    public void RunAfterAnyOther_GivesTheSameBits(string strategy)
    {
        using var alone = New(strategy);
        var expected = alone.Finish().Select(TinyRun.Timeless).ToList();
        foreach (var before in new[] { "fine-tune", "frozen-cached", "lora:4" })
        {
            using var other = New(before);
            other.NextEpoch();
        }
        TorchSharp.torch.manual_seed(99);
        using var later = New(strategy);
        Assert.Equal(expected, later.Finish().Select(TinyRun.Timeless));
        Assert.Equal(alone.WeightsSha256(), later.WeightsSha256());
    }

    [Fact]
    public void OnePolicy_IsTheTrainersOwnTraining()
    {
        var options = TinyRun.Options(training, test, Strategy.Of(FreezingPolicy.FromLayer3));
        using var run = new TrainingRun(options);
        using var trainer = new Trainer(
            options.Network, FreezingPolicy.FromLayer3, training, ResolutionPx, options.MemoryFormat,
            options.RecipeFor(FreezingPolicy.FromLayer3).Options(4, seed: 1, epochs: 4));
        for (var epoch = 0; epoch < 4; epoch++)
        {
            var outcome = run.NextEpoch();
            Assert.Equal(epoch + 1, outcome.Epoch);
            Assert.Equal(trainer.LearningRates(epoch), outcome.LearningRates);
            Assert.Equal(trainer.TrainEpoch(epoch).Training, outcome.Train);
            Assert.Equal(trainer.Evaluate(test), outcome.Test);
            Assert.Equal(0d, outcome.BatchNormDrift);
            Assert.InRange(outcome.LearningRates.Head, 1.999 * outcome.LearningRates.Backbone, 2.001 * outcome.LearningRates.Backbone);
        }
        Assert.True(run.Finished);
        Assert.Throws<InvalidOperationException>(() => run.NextEpoch());
    }

    [Fact]
    public void ProbeThenTune_ChangesPolicyAndRatesAtItsBoundary_AndCarriesTheNetworkOn()
    {
        var options = TinyRun.Options(training, test, Strategy.ProbeThenTune, epochs: 5) with { ProbeEpochs = 2 };
        using var probe = new TrainingRun(options with { Strategy = Strategy.Of(FreezingPolicy.FrozenCached), Epochs = 2 });
        probe.Finish();
        using var run = new TrainingRun(options);
        var outcomes = new List<EpochOutcome> { run.NextEpoch(), run.NextEpoch() };
        // Two epochs of probe-then-tune are two epochs of frozen-cached, with a schedule that ends after them.
        Assert.Equal(probe.WeightsSha256(), run.WeightsSha256());
        outcomes.AddRange(run.Finish());

        Assert.Equal(["frozen-cached", "frozen-cached", "fine-tune", "fine-tune", "fine-tune"], outcomes.Select(outcome => outcome.Policy.Name));
        Assert.Equal([1, 2, 3, 4, 5], outcomes.Select(outcome => outcome.Epoch));
        Assert.Equal(new LearningRates(0.02, 0), outcomes[0].LearningRates);
        Assert.Equal(0.01, outcomes[1].LearningRates.Head, 1e-12);
        Assert.Equal(0.006, outcomes[2].LearningRates.Head, 1e-12);
        Assert.Equal(0.003, outcomes[2].LearningRates.Backbone, 1e-12);
        Assert.Equal(0.003, outcomes[2].Recipe.LearningRateBackbone, 1e-12);
        Assert.Equal([0d, 0d, null, null, null], outcomes.Select(outcome => outcome.BatchNormDrift));
        Assert.Equal([true, false, false, false, false], outcomes.Select(outcome => outcome.FeatureExtractionTime > TimeSpan.Zero));
        Assert.All(outcomes, outcome => Assert.True(outcome.TrainTime > outcome.FeatureExtractionTime));
    }

    [Fact]
    public void Orders_AreNotRepeated_InTheSecondPhase()
    {
        // Frozen twice in one order would be the same steps; through the run's epoch numbers it is not.
        using var first = Ready(training, FreezingPolicy.Frozen);
        using var second = New(FreezingPolicy.Frozen, new TrainingOptions { BatchSize = 4, FirstEpoch = 3 });
        first.TrainEpoch(0);
        second.TrainEpoch(3);
        Assert.NotEqual(first.Bits()["fc.weight"], second.Bits()["fc.weight"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => second.TrainEpoch(2));
    }

    [Fact]
    public void EpochBehindTheSchedule_IsRefused()
    {
        using var trainer = New(FreezingPolicy.Frozen, new TrainingOptions { BatchSize = 4, Epochs = 2, Schedule = LearningRateSchedule.Step });
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.TrainEpoch(2));
    }

    [Fact]
    public void Drift_IsThatOfFrozenTrainBatchNorm()
    {
        using var run = New(FreezingPolicy.FrozenTrainBatchNorm.Name);
        Assert.All(run.Finish(), outcome => Assert.True(outcome.BatchNormDrift > 0));
    }

    [Theory]
    [InlineData("fine-tune", 0)]
    [InlineData("fine-tune", 2)]
    [InlineData("frozen-cached", 0)]
    [InlineData("frozen-cached", 3)]
    public void Cancelled_TheRunSaysSo_AndIsNotSaved(string strategy, int afterSteps)
    {
        using var run = New(strategy);
        using var cancellation = new CancellationTokenSource();
        var before = LiveTensors;
        if (afterSteps == 0)
            cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => run.NextEpoch(
            (step, steps) =>
            {
                Assert.Equal(3, steps);
                if (step == afterSteps) cancellation.Cancel();
            },
            cancellation.Token));
        Assert.Equal(0, run.EpochsDone);
        Assert.Throws<InvalidOperationException>(() => run.NextEpoch());
        Assert.Throws<InvalidOperationException>(() => run.Save("never-written"));
        if (afterSteps == 0 && strategy == "frozen-cached")
            Assert.Equal(before, LiveTensors);
    }

    [Theory]
    [MemberData(nameof(EveryStrategy))]
    public void Disposal_LeavesNothingOfTheRun(string strategy)
    {
        var before = LiveTensors;
        using (var run = New(strategy))
            run.Finish();
        Assert.Equal(before, LiveTensors);
    }

    [Fact]
    public void RecipeThatDoesNotGoWithItsPolicy_LeavesNothingBehind()
    {
        var before = LiveTensors;
        var options = TinyRun.Options(training, test, Strategy.Of(FreezingPolicy.FrozenCached)) with
        {
            RecipeFor = policy => Recipe.DefaultFor(policy) with { Augmentation = Augmentation.Flip },
        };
        Assert.Throws<UserErrorException>(() => new TrainingRun(options));
        Assert.Equal(before, LiveTensors);
    }

    // Without the adapters, which a strategy has or has not.
    private static SortedDictionary<string, string> Network(TrainingRun run, Temporary folder)
    {
        run.Save(folder.PathOf("network"));
        return new(StateDictFile.Read(folder.PathOf("network")).Entries.Where(entry => entry.Name.StartsWith("network.", StringComparison.Ordinal)).ToDictionary(entry => entry.Name, entry =>
        {
            using var tensor = entry.ToTensor();
            return Convert.ToHexString(SHA256.HashData(tensor.bytes));
        }));
    }

    private TrainingRun New(string strategy) => new(TinyRun.Options(training, test, Strategy.Parse(strategy), epochs: 2));

    private Trainer New(FreezingPolicy policy, TrainingOptions options) =>
        new(Tiny, policy, training, ResolutionPx, FreezeBench.Kernels.MemoryFormat.ChannelsLast, options);

    private sealed class Gauge : EnergyMeter
    {
        internal double Joules { get; set; }

        public override string Source => Nvml;

        public override TimeSpan ShortestSpan => TimeSpan.Zero;

        protected override double? Read() => Joules;
    }
}
