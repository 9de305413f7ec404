using FreezeBench.Kernels;
using FreezeBench.Networks.TorchVision;
using FreezeBench.Results;
using FreezeBench.Torch.Arithmetic;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks.TorchVision;

public sealed class TorchVisionNetworkTests
{
    // VGG's classifier alone has half a gigabyte: one test of it, beside the parity test.
    public static TheoryData<string, int> Small { get; } = new() { { "mobilenet_v2", 32 }, { "mobilenet_v3_small", 32 }, { "mobilenet_v3_large", 32 }, { "alexnet", 64 } };

    [Theory]
    [MemberData(nameof(Small))]
    public void Stages_OneAfterTheOther_AreTheModule(string name, int px)
    {
        using var scope = NewDisposeScope();
        using var network = TorchVisionModel.All.Single(model => model.Name == name).Build(Thin.Classes, px);
        NetworkAssert.StagesAreTheModule(network, Thin.TinyImages(size: px));
        NetworkAssert.StagesShareOutTheModule(network);
        NetworkAssert.StagesLeaveNothingBehind(network, Thin.TinyImages(size: px));
    }

    [Theory]
    [InlineData("alexnet", "0-2; 3-5; 6-12, 0-5", 4096)]
    [InlineData("mobilenet_v2", "0-1; 2-3; 4-6; 7-13; 14-18, 0-0", 1280)]
    [InlineData("mobilenet_v3_small", "0-0; 1-1; 2-3; 4-8; 9-12, 0-2", 1024)]
    [InlineData("mobilenet_v3_large", "0-1; 2-3; 4-6; 7-12; 13-16, 0-2", 1280)]
    [InlineData("vgg11_bn", "0-3; 4-7; 8-14; 15-21; 22-28, 0-5", 4096)]
    [InlineData("vgg16_bn", "0-6; 7-13; 14-23; 24-33; 34-43, 0-5", 4096)]
    public void Stages_AreThoseOfTheTable(string name, string table, int features)
    {
        using var network = TorchVisionModel.All.Single(model => model.Name == name).Build(Thin.Classes, 64);
        var names = network.Module.named_modules().ToDictionary(item => item.module, item => item.name);
        var seen = network.Stages.SkipLast(1).Select(stage => string.Join(", ", stage.Modules.Select(module => names[module].Split('.'))
            .GroupBy(parts => parts[0]).Select(group => $"{group.First()[1]}-{group.Last()[1]}")));
        Assert.Equal(table, string.Join("; ", seen));
        Assert.Equal(["stem", .. Enumerable.Range(1, network.Stages.Count - 2).Select(index => $"layer{index}"), "head"], network.Stages.Select(stage => stage.Name));
        Assert.Equal(TorchVisionModel.All.Single(model => model.Name == name).StageNames, network.Stages.Select(stage => stage.Name));
        Assert.Equal(features, network.FeatureCount);
        Assert.Equal(Thin.Classes, network.Classes);
    }

    // The package builds it for 1000 classes, and its last layer's parameters are replaced.
    [Theory]
    [InlineData("mobilenet_v3_small")]
    [InlineData("mobilenet_v3_large")]
    public void HeadOfMobileNetV3_IsForTheClassesAsked_AndSurvivesTheGarbageCollector(string name)
    {
        using var scope = NewDisposeScope();
        using var network = TorchVisionModel.All.Single(model => model.Name == name).Build(7, 32);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal("classifier.3", network.HeadName);
        var state = network.Module.state_dict();
        Assert.Equal([7, network.FeatureCount], state["classifier.3.weight"].shape);
        Assert.Equal([7], state["classifier.3.bias"].shape);
        Assert.All(network.Stages[^1].Modules.SelectMany(module => module.parameters()), parameter => Assert.True(parameter.requires_grad));
        Assert.Equal([4, 7], network.Module.call(Thin.TinyImages()).shape);
    }

    [Fact]
    public void Dropout_ActsWhereTheLastStageBeforeTheHeadIsInTrainMode()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var network = TorchVisionModel.MobileNetV3Small.Build(Thin.Classes, 32);
        var images = Thin.TinyImages();
        var cut = network.Stages.SkipLast(2).Aggregate(images, (input, stage) => stage.Run(input));
        network.Module.train();
        foreach (var module in network.Stages[^2].Modules)
            module.eval();
        Assert.True(network.Stages[^2].Run(cut).equal(network.Stages[^2].Run(cut)).all().item<bool>());
        foreach (var module in network.Stages[^2].Modules.Where(module => module is not TorchSharp.Modules.Sequential))
            module.train();
        Assert.False(network.Stages[^2].Run(cut).equal(network.Stages[^2].Run(cut)).all().item<bool>());
    }

    [Theory]
    [InlineData("mobilenet_v3_small", 32)]
    [InlineData("mobilenet_v2", 32)]
    [InlineData("alexnet", 64)]
    public void ChannelsLast_GoesThroughTheStages_AndGivesTheSameLogits(string name, int px)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var network = TorchVisionModel.All.Single(model => model.Name == name).Build(Thin.Classes, px);
        network.Module.eval();
        var expected = network.Module.call(Thin.TinyImages(size: px));
        MemoryFormat.ChannelsLast.ApplyTo(network.Module);
        var output = MemoryFormat.ChannelsLast.ApplyTo(Thin.TinyImages(size: px));
        foreach (var stage in network.Stages.SkipLast(2))
        {
            output = stage.Run(output);
            Assert.Equal(MemoryFormat.ChannelsLast.Strides(output.shape), output.stride());
        }
        ParityAssert.Folded(expected, network.Stages.TakeLast(2).Aggregate(output, (input, stage) => stage.Run(input)));
    }

    [Theory]
    [InlineData("mobilenet_v3_small", 32)]
    [InlineData("alexnet", 64)]
    public void Autocast_ComputesInBfloat16_ForwardAndBackward(string name, int px)
    {
        using var scope = NewDisposeScope();
        using var network = TorchVisionModel.All.Single(model => model.Name == name).Build(Thin.Classes, px);
        network.Module.eval();
        var expected = network.Module.call(Thin.TinyImages(size: px));
        Tensor logits;
        using (Autocast.Enter(DeviceType.CPU, ScalarType.BFloat16))
            logits = network.Stages.Aggregate(Thin.TinyImages(size: px), (input, stage) => stage.Run(input));
        Assert.Equal(ScalarType.BFloat16, logits.dtype);
        // Eight bits of mantissa, through some dozen layers.
        Assert.InRange(((logits.to(ScalarType.Float32) - expected).abs().max() / expected.abs().max()).item<float>(), 0, 0.1);
        nn.functional.cross_entropy(logits.to(ScalarType.Float32), Thin.Labels()).backward();
        Assert.All(network.Module.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.grad!.dtype));
    }

    [Fact]
    public void TooSmallImages_AreRefused()
    {
        var error = Assert.Throws<UserErrorException>(() => TorchVisionModel.Vgg11BatchNorm.Build(10, 31));
        Assert.StartsWith("vgg11_bn needs images of 32 px or more: its poolings leave nothing of 31 px.", error.Message, StringComparison.Ordinal);
        Assert.Throws<UserErrorException>(() => TorchVisionModel.AlexNet.Build(10, 62));
        using var scope = NewDisposeScope();
        using var smallest = TorchVisionModel.AlexNet.Build(Thin.Classes, 63);
        Assert.Equal([4, Thin.Classes], smallest.Module.call(Thin.TinyImages(size: 63)).shape);
    }
}
