using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.Residual;
using static TorchSharp.torch;

namespace FreezeBench.Accuracy.Tests;

/// <summary>
/// Networks of some thousand weights, which the program can be asked for in this process: what a command does beside the network's own work does
/// not depend on it, and to draw, hash and save ResNet-18's eleven million takes longer than all of a test's steps.
/// </summary>
internal static class TinyNetworks
{
    /// <summary>A ResNet of one block a layer with an eighth of the channels: it has every stage, and sees images of a size as ResNet-18 does.</summary>
    internal const string Thin = "thin";

    /// <summary>A user's own, in two stages, with BatchNorm in its backbone and dropout in its head.</summary>
    internal const string WithDropout = "with_dropout";

    /// <summary>Once, before any test.</summary>
    internal static void Add()
    {
        NetworkCatalog.Add(NetworkCatalog.Residual(Thin, new(BlockKind.Basic, [1, 1, 1, 1], Width: 8)));
        NetworkCatalog.Add(Network.Of(WithDropout, Made, "head"));
        // Again the one that is measured where nobody names one.
        NetworkCatalog.Add(NetworkCatalog.ResNet18);
    }

    private static nn.Module<Tensor, Tensor> Made(int classes) => nn.Sequential(
        ("conv", nn.Conv2d(3, 16, 3, stride: 2)), ("bn", nn.BatchNorm2d(16)), ("relu", nn.ReLU()), ("pool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()),
        ("head", nn.Sequential(nn.Dropout(0.2), nn.Linear(16, classes))));
}
