using FreezeBench.Kernels.Convolutions;
using FreezeBench.Kernels.Observing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Folding;

/// <summary>A residual block for inference: convolutions with ReLU between them, and the shortcut around them.</summary>
/// <param name="path">One convolution or more, in the order of the network; owned.</param>
/// <param name="shortcut">null: the input is added as it is; owned.</param>
internal sealed class FoldedBlock(IReadOnlyList<FoldedConvolution> path, FoldedConvolution? shortcut) : IDisposable
{
    /// <summary>The shortcut of a block, folded.</summary>
    /// <param name="shortcut">A convolution and the BatchNorm behind it; null: the input is added as it is.</param>
    /// <param name="block">Name of the block.</param>
    /// <param name="type">As in <see cref="IFoldableBlock.Fold"/>.</param>
    internal static FoldedConvolution? Shortcut(Sequential? shortcut, string block, ScalarType type) =>
        shortcut?.children().ToArray() is [TrainedConvolution convolution, BatchNorm2d norm] ? new(convolution, norm, type) { Name = $"{block}.downsample.0" } : null;

    /// <summary>The block's output in eval mode, but for the rounding.</summary>
    /// <param name="input">Of the block.</param>
    /// <param name="mayOverwrite">Whether the input may hold the output afterwards; else it is left as it is.</param>
    /// <param name="observer">Told of every convolution; null: nobody.</param>
    /// <returns>In the caller's dispose scope.</returns>
    internal Tensor Run(Tensor input, bool mayOverwrite, ILayerObserver? observer)
    {
        using var scope = NewDisposeScope();
        var output = input;
        foreach (var convolution in path.SkipLast(1))
            output = convolution.Run(output, observer, relu: true);
        // The shortcut's own output belongs to nobody else; the input itself may be the caller's.
        return path[^1].RunAndAdd(output, shortcut?.Run(input, observer) ?? input, mayOverwrite || shortcut is not null, observer).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var convolution in path)
            convolution.Dispose();
        shortcut?.Dispose();
    }
}
