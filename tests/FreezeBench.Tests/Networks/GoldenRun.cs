using FreezeBench.Kernels;
using FreezeBench.Networks.Residual;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks;

/// <summary>The network and the batch that the goldens were made with.</summary>
internal static class GoldenRun
{
    internal static ResNet Network(string backbone, string format)
    {
        var network = ResNets.Build(backbone, ResNetGolden.Settings.Classes);
        FormulaWeights.Fill(network);
        MemoryFormat.Parse(format).ApplyTo(network);
        return network;
    }

    internal static Tensor TinyImages(string format) =>
        MemoryFormat.Parse(format).ApplyTo(Thin.TinyImages(ResNetGolden.Settings.Batch, ResNetGolden.Settings.Size));

    internal static Tensor Labels() => Thin.Labels(ResNetGolden.Settings.Batch, ResNetGolden.Settings.Classes);
}
