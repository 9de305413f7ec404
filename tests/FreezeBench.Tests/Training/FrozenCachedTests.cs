using FreezeBench.Freezing;
using Xunit;
using static FreezeBench.Tests.Training.TinyTraining;

namespace FreezeBench.Tests.Training;

/// <summary>frozen-cached is frozen, computed in another order: the same seed trains the same head.</summary>
public class FrozenCachedTests
{
    // Extraction goes through the images in stored order, training in shuffled order. Convolutions may sum in another
    // order where an image has other neighbours or another place in its batch: a few roundings of 6e-8 relative, which
    // 20 steps at this learning rate do not blow up. Another order of the images or features of another image: above 1e-2.
    private const float Tolerance = 1e-5f;

    [Fact]
    public void Head_IsThatOfFrozen_AfterEveryEpoch()
    {
        using var data = TinyImages(count: 22);
        using var frozen = Ready(data, FreezingPolicy.Frozen);
        using var cached = Ready(data, FreezingPolicy.FrozenCached);
        Assert.Equal(frozen.Bits(), cached.Bits());
        for (var epoch = 0; epoch < 4; epoch++)
        {
            var before = frozen.Head();
            var expected = frozen.TrainEpoch(epoch).Training;
            var actual = cached.TrainEpoch(epoch).Training;

            Assert.Equal(expected.MeanLoss, actual.MeanLoss, Tolerance);
            Assert.Equal(expected.Correct, actual.Correct);
            Assert.All(frozen.Head().Zip(cached.Head()), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
            var moved = frozen.Head().Zip(before, (now, then) => Math.Abs(now - then)).Max();
            Assert.True(moved > 100 * Tolerance, $"The head moved by {moved} only: nothing was compared.");
        }
    }

    [Fact]
    public void Features_AreThoseThatFrozenTrainsOn()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var data = TinyImages(count: 4);
        using var trainer = New(data, FreezingPolicy.Frozen);
        var (images, _) = trainer.LoadImages();
        var training = trainer.Network.ForwardFeatures(images);
        trainer.Network.Eval();
        var evaluation = trainer.Network.ForwardFeatures(images);

        // Exactly: the frozen part is in eval mode in both, and the batch is the same.
        Assert.True(training.Equals(evaluation));
    }

    [Fact]
    public void Evaluation_IsThatOfFrozen()
    {
        using var data = TinyImages(count: 10);
        using var test = TinyImages(count: 7, seed: 2);
        using var frozen = Ready(data, FreezingPolicy.Frozen);
        using var cached = Ready(data, FreezingPolicy.FrozenCached);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            frozen.TrainEpoch(epoch);
            cached.TrainEpoch(epoch);
            var expected = frozen.Evaluate(test);
            var actual = cached.Evaluate(test);

            Assert.Equal(expected.MeanLoss, actual.MeanLoss, Tolerance);
            Assert.Equal(expected.Correct, actual.Correct);
        }
    }

    [Fact]
    public void Extraction_LeavesTheNetworkAsItWas()
    {
        using var data = TinyImages();
        using var trainer = New(data, FreezingPolicy.FrozenCached);
        var before = trainer.Bits();
        trainer.ExtractFeatures();
        Assert.Equal(before, trainer.Bits());
    }

    [Fact]
    public void FeaturesExtractedInMidRun_TrainOn()
    {
        using var data = TinyImages();
        using var once = Ready(data, FreezingPolicy.FrozenCached);
        using var twice = Ready(data, FreezingPolicy.FrozenCached);
        once.TrainEpoch(0);
        twice.TrainEpoch(0);
        twice.ExtractFeatures();
        once.TrainEpoch(1);
        twice.TrainEpoch(1);

        Assert.Equal(once.Bits(), twice.Bits());
    }
}
