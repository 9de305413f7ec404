extern alias torchvision;

using FreezeBench.Tests.Networks;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Kernels.Convolutions;

/// <summary>A network that is not ours, as its users have it: <c>torchvision.models.resnet18</c> of the package TorchVision.</summary>
internal static class TorchVisionResNet
{
    internal const int Classes = 4;

    /// <summary>The same weights each time.</summary>
    internal static nn.Module<Tensor, Tensor> Create()
    {
        var model = torchvision::TorchSharp.torchvision.models.resnet18(Classes);
        FormulaWeights.Fill(model);
        return model;
    }
}
