using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.Residual;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks;

/// <summary>Networks and batches small enough for tests of behaviour: milliseconds a step.</summary>
internal static class Thin
{
    internal const int Classes = 3;

    /// <summary>One block a layer: 4 to 32 channels inside.</summary>
    internal static ResNetShape Shape(BlockKind block = BlockKind.Basic) => new(block, [1, 1, 1, 1], Width: 8);

    internal static Network Definition(BlockKind block = BlockKind.Basic) => NetworkCatalog.Residual("thin", Shape(block));

    internal static ResNet Network(BlockKind block = BlockKind.Basic)
    {
        var network = new ResNet(Shape(block), Classes);
        FormulaWeights.Fill(network);
        return network;
    }

    /// <summary>float32 [count, 3, size, size], mean 0, standard deviation 1.</summary>
    internal static Tensor TinyImages(int count = 4, int size = 32)
    {
        var bound = Math.Sqrt(3);
        return tensor(FormulaWeights.Uniform("images", count * 3L * size * size, -bound, bound), [count, 3, size, size]);
    }

    /// <summary>int64 [count]: 0, 1, 2, ... modulo the number of classes.</summary>
    internal static Tensor Labels(int count = 4, int classes = Classes) =>
        arange(count, dtype: ScalarType.Int64).remainder(classes);
}
