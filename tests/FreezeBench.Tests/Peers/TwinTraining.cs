using FreezeBench.Features;
using FreezeBench.Freezing;
using FreezeBench.Images.Decoding;
using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Networks;
using FreezeBench.Networks.Catalog;
using FreezeBench.Optimizing;
using FreezeBench.Tests.Networks;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Peers;

/// <summary>A training as bench/peers/pytorch_twin.py has it with <c>--losses</c>: a benchmark's, from formula weights.</summary>
internal sealed class TwinTraining : IDisposable
{
    internal const int BatchSize = 16, ImagesPerEpoch = 80;
    private const int Seed = 1;
    private readonly ImageSet data;
    private readonly INetwork network;
    private readonly Trainer trainer;
    private readonly ImageTransform transform;
    private readonly BatchSource images;
    private readonly BatchSource? features;
    private readonly RunningTotals totals = new(CPU);
    private readonly TrainingStep step;

    internal TwinTraining(Network definition, FreezingPolicy policy, int resolutionPx, MemoryFormat format, KernelSet kernels, Precision? precision = null, int imagesPerEpoch = ImagesPerEpoch)
    {
        data = SyntheticImages.Create(imagesPerEpoch, CifarFiles.SizePx, CifarFiles.Classes, Seed, CPU);
        network = definition.Build(CifarFiles.Classes, resolutionPx, kernels);
        FormulaWeights.Fill(network.Module);
        format.ApplyTo(network.Module);
        var options = new TrainingOptions { BatchSize = BatchSize, Seed = Seed, Precision = precision ?? Precision.Fp32, Kernels = kernels };
        trainer = new Trainer(network, policy, data, resolutionPx, format, options);
        FormulaWeights.Fill(trainer.Network.AdapterParameters.Select(item => KeyValuePair.Create<string, Tensor>(item.Key, item.Value)));
        // What dropout draws is not the same in both libraries.
        foreach (var dropout in network.Module.modules().OfType<Dropout>())
            dropout.eval();
        transform = new ImageTransform(resolutionPx, format, CPU);
        images = data.Batches(transform, BatchSize, Augmentation.None);
        features = policy.CachesFeatures ? new FeatureBatches(FeatureExtraction.Extract(trainer.Network, images), data.Labels, BatchSize) : null;
        step = new TrainingStep(trainer.Network, trainer.Optimizer, features ?? images, totals, kernels);
    }

    /// <summary>Of the first steps, epoch after epoch.</summary>
    internal List<double> Losses(int steps)
    {
        var source = features ?? images;
        List<double> losses = [];
        for (var number = 0; number < steps; number++)
        {
            if (number % source.StepsPerEpoch == 0)
                source.Shuffle(Seed, number / source.StepsPerEpoch);
            // A step keeps its loss in the totals: emptied before every step, they hold that one.
            totals.Reset();
            step.Run(number % source.StepsPerEpoch, NoObserver.Instance);
            losses.Add(totals.Read().MeanLoss);
        }
        return losses;
    }

    /// <summary>Of the first images in stored order, in eval mode.</summary>
    internal Tensor EvalLogits(int count)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var batch = trainer.LoadImages();
        trainer.Network.Eval();
        return trainer.Network.Forward(batch.Inputs)[..count].MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        features?.Dispose();
        images.Dispose();
        transform.Dispose();
        trainer.Dispose();
        totals.Dispose();
        network.Dispose();
        data.Dispose();
    }
}
