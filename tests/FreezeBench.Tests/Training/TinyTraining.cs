using System.Security.Cryptography;
using FreezeBench.Freezing;
using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Kernels.Convolutions;
using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.Residual;
using FreezeBench.Optimizing;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Training;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Training;

/// <summary>The smallest training that still has every part: all stages, BatchNorm, a smaller last batch.</summary>
internal static class TinyTraining
{
    internal const int ResolutionPx = 32;

    // Not thinner: in channels-last, the backward pass of a strided 1x1 convolution writes outside its memory with 4 to 6
    // input channels (libtorch 2.10, CPU, one thread), and the process dies some steps later. From 7 on it is clean.
    internal static ResNetShape Shape { get; } = new(BlockKind.Basic, [1, 1, 1, 1], Width: 8);

    internal static Network Tiny { get; } = NetworkCatalog.Residual("tiny", Shape);

    /// <summary>A policy of each kind: a step under another one differs from one of these in nothing but which stages train.</summary>
    internal static IReadOnlyList<string> Kinds { get; } = ["fine-tune", "frozen", "frozen-train-bn", "frozen-cached", "from-layer3", "only-layer2", "bias-only", "lora:4"];

    internal static TheoryData<string> Policies { get; } = new(Kinds);

    /// <summary>The same as strategies, and the one that changes its policy.</summary>
    internal static IReadOnlyList<string> Strategies { get; } = [.. Kinds, "probe-then-tune"];

    /// <summary>Noise images; a head can learn them by heart.</summary>
    internal static ImageDataSet TinyImages(int count = 10, long seed = 1) => SyntheticImages.Create(count, 16, 3, seed, torch.CPU);

    /// <summary>A trainer that is ready to step: features are extracted where the policy needs them.</summary>
    internal static Trainer Ready(ImageDataSet data, FreezingPolicy policy, int batchSize = 4, int seed = 1, double learningRate = 0.01, Precision? precision = null)
    {
        var trainer = New(data, policy, batchSize, seed, learningRate, precision);
        if (trainer.NeedsFeatures)
            trainer.ExtractFeatures();
        return trainer;
    }

    internal static Trainer New(ImageDataSet data, FreezingPolicy policy, int batchSize = 4, int seed = 1, double learningRate = 0.01, Precision? precision = null) =>
        new(Tiny, policy, data, ResolutionPx, MemoryFormat.ChannelsLast,
            new TrainingOptions { BatchSize = batchSize, Seed = seed, LearningRateHead = learningRate, LearningRateBackbone = learningRate, Precision = precision ?? Precision.Fp32 });

    /// <summary>Steps through epochs without <see cref="Trainer.TrainEpoch"/>, so that a test can stop anywhere.</summary>
    internal static void Step(this Trainer trainer, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            var number = step % trainer.StepsPerEpoch;
            if (number == 0)
                trainer.Shuffle(step / trainer.StepsPerEpoch);
            trainer.Step(number, NoObserver.Instance);
        }
    }

    /// <summary>Hashes of the bytes of every parameter and buffer, those of adapters too, by name: equality is of bits, not of numbers. Not the bytes
    /// themselves: asserts compare the values of a dictionary element by element, boxed, which took longer than the training.</summary>
    internal static SortedDictionary<string, string> Bits(this Trainer trainer)
    {
        using var scope = torch.NewDisposeScope();
        var adapters = trainer.Network.AdapterParameters.Select(item => KeyValuePair.Create(item.Key, (torch.Tensor)item.Value));
        return new(trainer.Network.Network.Module.state_dict().Concat(adapters).ToDictionary(entry => entry.Key, entry => Convert.ToHexString(SHA256.HashData(entry.Value.detach().contiguous().bytes))));
    }

    internal static float[] Head(this Trainer trainer)
    {
        using var scope = torch.NewDisposeScope();
        return [.. trainer.Network.HeadParameters.SelectMany(parameter => parameter.detach().contiguous().data<float>().ToArray())];
    }

    internal static long LiveTensors
    {
        get
        {
            // Another test of this thread, whose backward pass was libtorch's own, can have left some.
            TapGradient.Release();
            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
    }
}
