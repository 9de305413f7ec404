using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.TorchVision;
using FreezeBench.Results;
using FreezeBench.Torch.Arithmetic;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks.TorchVision;

public sealed class TorchVisionNetworkTests
{
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
    [InlineData("mobilenet_v3_small")]
    [InlineData("thin_vgg")]
    public void Autocast_ComputesInBfloat16_ForwardAndBackward(string name)
    {
        using var scope = NewDisposeScope();
        using var network = (name == "thin_vgg" ? ThinVgg.Of(name) : NetworkCatalog.Parse(name)).Build(Thin.Classes, 32);
        network.Module.eval();
        var expected = network.Module.call(Thin.TinyImages());
        Tensor logits;
        using (Autocast.Enter(DeviceType.CPU, ScalarType.BFloat16))
            logits = network.Stages.Aggregate(Thin.TinyImages(), (input, stage) => stage.Run(input));
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
    }
}
