using FreezeBench.Freezing;
using FreezeBench.Networks.Catalog;
using FreezeBench.Results;
using FreezeBench.Tests.Networks;
using FreezeBench.Torch.Arithmetic;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Freezing;

/// <summary>Trainings that would read memory that nobody wrote are refused, and no others.</summary>
public class NarrowImageRefusalTests
{
    [Theory]
    [InlineData("resnet18", "from-layer4", 16, "layer4")]
    [InlineData("resnet50", "fine-tune", 16, "layer4")]
    [InlineData("resnet18", "only-layer3", 8, "layer3")]
    // A has the kernel and the stride of its layer.
    [InlineData("resnet18", "lora:4", 16, "layer4")]
    [InlineData("mobilenet_v3_small", "fine-tune", 16, "layer4")]
    [InlineData("torchvision_resnet18", "fine-tune", 16, "backbone")]
    public void PolicyThatTrainsSuchAConvolution_IsRefused_AndItsStageNamed(string network, string policy, int resolutionPx, string stage)
    {
        var error = Assert.Throws<UserErrorException>(() => Check(network, policy, resolutionPx, Precision.Bf16, DeviceType.CPU));
        Assert.Equal(
            $"{network} at {resolutionPx} px, {policy}, bf16: a convolution of {stage} sees images narrower than its stride, and there libtorch's gradient in bf16 is made of memory that nobody wrote. Pass a larger resolution, another precision, or a policy that does not train {stage}.",
            error.Message);
    }

    [Theory]
    [InlineData("resnet18", "from-layer4", 32, "bf16", DeviceType.CPU)]
    [InlineData("resnet18", "from-layer4", 17, "bf16", DeviceType.CPU)]
    [InlineData("resnet18", "frozen", 16, "bf16", DeviceType.CPU)]
    [InlineData("resnet18", "frozen-train-bn", 16, "bf16", DeviceType.CPU)]
    [InlineData("resnet18", "only-layer3", 16, "bf16", DeviceType.CPU)]
    [InlineData("resnet18", "norm-only", 16, "bf16", DeviceType.CPU)]
    [InlineData("resnet18", "bias-only", 16, "bf16", DeviceType.CPU)]
    [InlineData("resnet18", "from-layer4", 16, "fp32", DeviceType.CPU)]
    [InlineData("resnet18", "from-layer4", 16, "fp16", DeviceType.CPU)]
    [InlineData("resnet18", "from-layer4", 16, "bf16", DeviceType.CUDA)]
    [InlineData("vit_tiny_patch16", "fine-tune", 16, "bf16", DeviceType.CPU)]
    public void AllOthers_AreNot(string network, string policy, int resolutionPx, string precision, DeviceType device) =>
        Check(network, policy, resolutionPx, Precision.Parse(precision), device);

    private static void Check(string network, string policy, int resolutionPx, Precision precision, DeviceType device) =>
        NarrowImageRefusal.ThrowIfAny(NetworkCatalog.Parse(network), Thin.Classes, resolutionPx, FreezingPolicy.Parse(policy), precision, device);
}
