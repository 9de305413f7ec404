using static TorchSharp.torch;

namespace FreezeBench.Kernels.Folding;

/// <summary>A residual block that can give a copy of itself for inference: for a user's own blocks in a <see cref="FoldedSequence"/>.</summary>
public interface IFoldableBlock
{
    /// <summary>The block as it is now, in eval mode, with every BatchNorm folded into the convolution before it.</summary>
    /// <param name="name">Of the block in the network, such as <c>layer1.0</c>.</param>
    /// <param name="type">Of the copy's weights, and of what it computes in.</param>
    /// <returns>Made of copies; the caller disposes it.</returns>
    FoldedBlock Fold(string name, ScalarType type);
}
