using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using TorchSharp;
using Xunit;
using static FreezeBench.Tests.Training.TinyTraining;

namespace FreezeBench.Tests.Training;

public class EvaluationTests
{
    public static TheoryData<string> EveryPolicy => Policies;

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void Evaluate_ChangesNoWeightAndNoRunningStatistic(string policy)
    {
        using var data = TinyImages();
        using var test = TinyImages(seed: 2);
        using var trainer = Ready(data, FreezingPolicy.Parse(policy));
        trainer.TrainEpoch(0);
        var before = trainer.Bits();
        trainer.Evaluate(test);
        trainer.Evaluate(test);

        Assert.Equal(before, trainer.Bits());
    }

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void EvaluationInBetween_DoesNotDisturbTraining(string policy)
    {
        using var data = TinyImages();
        using var test = TinyImages(seed: 2);
        using var undisturbed = Ready(data, FreezingPolicy.Parse(policy));
        using var evaluated = Ready(data, FreezingPolicy.Parse(policy));
        evaluated.Evaluate(test);
        for (var epoch = 0; epoch < 2; epoch++)
        {
            var expected = undisturbed.TrainEpoch(epoch).Training;
            Assert.Equal(expected, evaluated.TrainEpoch(epoch).Training);
            evaluated.Evaluate(test);
        }
        Assert.Equal(undisturbed.Bits(), evaluated.Bits());
    }

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void Totals_AreThoseOfEveryImageByItself(string policy)
    {
        using var data = TinyImages();
        using var test = TinyImages(count: 7, seed: 2);
        using var trainer = Ready(data, FreezingPolicy.Parse(policy), batchSize: 3);
        trainer.TrainEpoch(0);
        var result = trainer.Evaluate(test);

        // By hand: softmax and logarithm in double, image by image, from the network's logits of all seven at once.
        using var scope = torch.NewDisposeScope();
        using var transform = new ImageTransform(ResolutionPx, MemoryFormat.ChannelsLast, torch.CPU);
        trainer.Network.Eval();
        var logits = trainer.Network.Forward(transform.Apply(test.Images)).detach().data<float>().ToArray().Chunk(3).ToList();
        var labels = test.Labels.data<long>().ToArray();
        var losses = logits.Zip(labels, (row, label) => Math.Log(row.Sum(logit => Math.Exp(logit))) - row[label]);
        var correct = logits.Zip(labels, (row, label) => Array.IndexOf(row, row.Max()) == label).Count(hit => hit);

        // float32 logits of another batch size: roundings of 1e-7 on losses near 1.
        Assert.Equal(losses.Average(), result.MeanLoss, 1e-5);
        Assert.Equal((correct, 7), (result.Correct, result.Count));
        Assert.Equal(correct / 7.0, result.AccuracyFraction);
    }

    [Theory]
    [InlineData("fine-tune")]
    [InlineData("frozen-cached")]
    public void AnotherTestSet_IsRefused(string policy)
    {
        using var data = TinyImages();
        using var test = TinyImages(seed: 2);
        using var trainer = Ready(data, FreezingPolicy.Parse(policy));
        trainer.Evaluate(test);

        var error = Assert.Throws<ArgumentException>("test", () => trainer.Evaluate(data));
        Assert.StartsWith("Another test set than at the call before", error.Message, StringComparison.Ordinal);
        trainer.Evaluate(test);
    }

    [Fact]
    public void TrainingSet_CanBeEvaluatedToo()
    {
        using var data = TinyImages();
        using var trainer = Ready(data, FreezingPolicy.FrozenCached);
        Assert.Equal(data.Count, trainer.Evaluate(data).Count);
        trainer.TrainEpoch(0);
    }
}
