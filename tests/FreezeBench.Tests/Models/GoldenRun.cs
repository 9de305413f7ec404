using FreezeBench.Models;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Models;

/// <summary>The network and the batch that the goldens were made with.</summary>
internal static class GoldenRun
{
    internal static ResNet Network(string backbone, string format)
    {
        var network = Backbone.Parse(backbone).Build(ResNetGolden.Settings.Classes);
        FormulaWeights.Fill(network);
        MemoryFormat.Parse(format).ApplyTo(network);
        return network;
    }

    internal static Tensor Images(string format) =>
        MemoryFormat.Parse(format).ApplyTo(Thin.Images(ResNetGolden.Settings.Batch, ResNetGolden.Settings.Size));

    internal static Tensor Labels() => Thin.Labels(ResNetGolden.Settings.Batch, ResNetGolden.Settings.Classes);
}
