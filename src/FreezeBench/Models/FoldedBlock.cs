using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Models;

/// <summary>A residual block for inference: convolutions with ReLU between them, and the shortcut around them.</summary>
/// <param name="path">One convolution or more, in the order of the network; owned.</param>
/// <param name="shortcut">null: the input is added as it is; owned.</param>
internal sealed class FoldedBlock(IReadOnlyList<FoldedConvolution> path, FoldedConvolution? shortcut) : IDisposable
{
    /// <summary>The shortcut of a block, folded.</summary>
    /// <param name="shortcut">What <see cref="Layers.Shortcut"/> gave.</param>
    /// <param name="block">Name of the block.</param>
    /// <param name="type">As in <see cref="IFoldableBlock.Fold"/>.</param>
    internal static FoldedConvolution? Shortcut(Sequential? shortcut, string block, ScalarType type) =>
        shortcut?.children().ToArray() is [Conv2d convolution, BatchNorm2d norm] ? new(convolution, norm, type) { Name = $"{block}.downsample.0" } : null;

    /// <summary>The block's output in eval mode, but for the rounding.</summary>
    /// <returns>In the caller's dispose scope.</returns>
    internal Tensor Run(Tensor input, ILayerObserver? observer)
    {
        using var scope = NewDisposeScope();
        var output = path[0].Run(input, observer);
        foreach (var convolution in path.Skip(1))
            output = convolution.Run(output.relu_(), observer);
        // In place where nobody else holds the tensor: the input itself belongs to the caller and may be the shortcut.
        return output.add_(shortcut?.Run(input, observer) ?? input).relu_().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var convolution in path)
            convolution.Dispose();
        shortcut?.Dispose();
    }
}
