using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Folding;

/// <summary>A residual block for inference: convolutions with ReLU between them, the shortcut around them added, and ReLU of the sum.</summary>
/// <param name="path">One convolution or more, in the order of the network; owned.</param>
/// <param name="shortcut">null: the input is added as it is; owned.</param>
public sealed class FoldedBlock(IReadOnlyList<FoldedConvolution> path, FoldedConvolution? shortcut) : IFoldedOperation
{
    /// <summary>The shortcut of a block, folded.</summary>
    /// <param name="shortcut">A convolution and the BatchNorm behind it; null: the input is added as it is.</param>
    /// <param name="name">Of the shortcut in the network, such as <c>layer2.0.downsample</c>.</param>
    /// <param name="type">As in <see cref="IFoldableBlock.Fold"/>.</param>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public static FoldedConvolution? Shortcut(Sequential? shortcut, string name, ScalarType type)
    {
        if (shortcut is null)
            return null;
        return shortcut.children().ToArray() is [var convolution, BatchNorm2d norm]
            ? new($"{name}.0", convolution, norm, type)
            : throw new ArgumentException("A shortcut is a convolution and the BatchNorm behind it.", nameof(shortcut));
    }

    bool IFoldedOperation.NeedsFinite => path.Any(convolution => convolution.NeedsFinite);

    bool IFoldedOperation.GivesOwnMemory => true;

    (double Inside, double Output) IFoldedOperation.Bound(double input)
    {
        var (inside, output) = (0.0, input);
        foreach (var convolution in path)
            // Of two numbers of which one is NaN this is NaN.
            inside = Math.Max(inside, output = convolution.Bound(output));
        output += shortcut?.Bound(input) ?? input;
        return (Math.Max(inside, output), output);
    }

    Tensor IFoldedOperation.Run(Tensor input, bool mayOverwrite, FoldedPass pass)
    {
        using var scope = NewDisposeScope();
        var output = input;
        foreach (var convolution in path.SkipLast(1))
            output = convolution.Run(output, pass, relu: true);
        // The shortcut's own output belongs to nobody else; the input itself may be the caller's.
        return path[^1].RunAndAdd(output, shortcut?.Run(input, pass) ?? input, mayOverwrite || shortcut is not null, pass).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var convolution in path)
            convolution.Dispose();
        shortcut?.Dispose();
    }
}
