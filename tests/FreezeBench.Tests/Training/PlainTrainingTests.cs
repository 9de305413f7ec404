using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Kernels.Convolutions;
using FreezeBench.Kernels.Observing;
using FreezeBench.Kernels.Optimizing;
using FreezeBench.Networks.Catalog;
using FreezeBench.Optimizing;
using FreezeBench.Tests.Networks.TorchVision;
using FreezeBench.Training;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Training;

/// <summary>With plain kernels a step has nothing of ours: it costs what a user's own code costs.</summary>
public class PlainTrainingTests
{
    // Float32 rounding of ten steps: fast kernels sum in another order. At the usual rate eight images are learnt by heart meanwhile, and a
    // loss that falls to a tenth multiplies the difference.
    private const double LearningRate = 0.002;
    private const double Rounding = 1e-4;

    public static TheoryData<string> SomePolicies => new("fine-tune", "frozen", "from-layer3");

    [Theory]
    [MemberData(nameof(SomePolicies))]
    public void Layers_Copies_BackwardPass_AndUpdates_AreLibtorchsOwn(string policy)
    {
        using var data = TinyTraining.TinyImages(8);
        using var trainer = New(policy, KernelSet.Plain, data);
        var modules = trainer.Network.Network.Module.modules().ToList();
        Assert.DoesNotContain(modules, module => module is TrainedConvolution);
        Assert.Equal(12, modules.OfType<Conv2d>().Count());
        var calls = new Calls();
        trainer.Observe(calls);
        trainer.Step(3);
        trainer.Evaluate(data);

        Assert.Null(trainer.Network.Copy);
        Assert.Equal(ForeachUse.None, trainer.Optimizer.Foreach);
        Assert.Equal(0, calls.FromBackwardPasses);
        // Contiguous: what a user of TorchSharp has, and nothing was laid out otherwise on the way.
        Assert.All(trainer.Network.Network.Module.parameters().Where(parameter => parameter.dim() == 4), parameter => Assert.True(parameter.is_contiguous()));
    }

    [Fact]
    public void FastKernels_AreSeenByTheSameTest()
    {
        using var data = TinyTraining.TinyImages(8);
        using var trainer = New("from-layer3", KernelSet.Fast, data);
        var calls = new Calls();
        trainer.Observe(calls);
        trainer.Step(1);
        Assert.Contains(trainer.Network.Network.Module.modules(), module => module is TrainedConvolution);
        Assert.NotNull(trainer.Network.Copy);
        Assert.Equal(TapReach.Here is not null, calls.FromBackwardPasses > 0);
    }

    [Theory]
    [MemberData(nameof(SomePolicies))]
    public void Losses_AreThoseOfFastKernels_ButForTheRounding_FromTheSameWeights(string policy)
    {
        using var data = TinyTraining.TinyImages(8);
        using var plain = New(policy, KernelSet.Plain, data, batchSize: 8);
        using var fast = New(policy, KernelSet.Fast, data, batchSize: 8);
        Assert.Equal(plain.Bits(), fast.Bits());
        for (var step = 0; step < 10; step++)
        {
            var expected = plain.TrainEpoch(step).Training.MeanLoss;
            Assert.InRange(fast.TrainEpoch(step).Training.MeanLoss, expected * (1 - Rounding), expected * (1 + Rounding));
        }
        var evaluated = plain.Evaluate(data).MeanLoss;
        Assert.InRange(fast.Evaluate(data).MeanLoss, evaluated * (1 - Rounding), evaluated * (1 + Rounding));
        Assert.NotEqual(plain.Bits(), fast.Bits());
    }

    public static TheoryData<string, string> Others => new() { { "torchvision_resnet18", "fine-tune" }, { "thin_vgg", "fine-tune" }, { "thin_vgg", "frozen" }, { "thin_vgg", "from-layer1" }, { "own_vgg", "fine-tune" }, { "own_vgg", "lora:4" } };

    [Theory]
    [MemberData(nameof(Others))]
    public void NetworksThatAreNotOurs_GetFastLayersToo_AndLearnTheSame(string name, string policy)
    {
        var network = name == "torchvision_resnet18" ? NetworkCatalog.Parse(name) : ThinVgg.Of(name);
        using var data = TinyTraining.TinyImages(8);
        using var plain = New(policy, KernelSet.Plain, data, batchSize: 8, network);
        using var fast = New(policy, KernelSet.Fast, data, batchSize: 8, network);
        Assert.Equal(plain.Bits(), fast.Bits());
        Assert.DoesNotContain(plain.Network.Network.Module.modules(), module => module is TrainedConvolution);
        Assert.Contains(fast.Network.Network.Module.modules(), module => module is TrainedConvolution);
        for (var step = 0; step < 4; step++)
        {
            var expected = plain.TrainEpoch(step).Training.MeanLoss;
            Assert.InRange(fast.TrainEpoch(step).Training.MeanLoss, expected * (1 - Rounding), expected * (1 + Rounding));
        }
        // Of a network whose split is not known, nothing can be folded.
        Assert.Equal(name == "thin_vgg" && policy != "fine-tune", fast.Network.Copy is not null);
        Assert.Null(plain.Network.Copy);
        Assert.NotEqual(plain.Bits(), fast.Bits());
    }

    [Fact]
    public void FeaturesOfPlainAndFastKernels_AreKeptApart()
    {
        using var folder = new Temporary();
        using var data = TinyTraining.TinyImages();
        var cache = new FreezeBench.Features.FeatureCache(folder.Folder, "here", _ => { });
        List<FreezeBench.Features.FeatureOrigin?> origins = [];
        foreach (var kernels in new[] { KernelSet.Plain, KernelSet.Fast, KernelSet.Plain, KernelSet.Fast })
        {
            using var network = InitialNetwork.Create(TinyTraining.Tiny, 3, TinyTraining.ResolutionPx, kernels, CPU, MemoryFormat.ChannelsLast, seed: 1, weights: null);
            using var trainer = new Trainer(
                network, FreezingPolicy.FrozenCached, data, TinyTraining.ResolutionPx, MemoryFormat.ChannelsLast, new TrainingOptions { BatchSize = 4, Kernels = kernels }, statistics: null, cache);
            trainer.ExtractFeatures();
            origins.Add(trainer.FeatureOrigin);
        }
        Assert.Equal([FreezeBench.Features.FeatureOrigin.Extracted, FreezeBench.Features.FeatureOrigin.Extracted, FreezeBench.Features.FeatureOrigin.Disk, FreezeBench.Features.FeatureOrigin.Disk], origins);
    }

    private static Trainer New(string policy, KernelSet kernels, FreezeBench.Images.Sets.ImageDataSet data, int batchSize = 4, Network? network = null) => new(
        network ?? TinyTraining.Tiny, FreezingPolicy.Parse(policy), data, TinyTraining.ResolutionPx, MemoryFormat.DefaultFor(DeviceType.CPU, kernels),
        new TrainingOptions { BatchSize = batchSize, Kernels = kernels, LearningRateHead = LearningRate, LearningRateBackbone = LearningRate });

    private sealed class Calls : IWorkObserver
    {
        internal int FromBackwardPasses { get; private set; }

        public void WorkBegins()
        {
        }

        public void WorkEnds(bool calledBack = false)
        {
            if (calledBack)
                FromBackwardPasses++;
        }
    }
}
