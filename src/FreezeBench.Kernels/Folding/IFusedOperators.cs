using static TorchSharp.torch;

namespace FreezeBench.Kernels.Folding;

/// <summary>A convolution with what follows it in one pass over its output.</summary>
internal interface IFusedOperators
{
    /// <summary>ReLU of a convolution and its bias.</summary>
    /// <param name="input">[N, in, H, W], of the weight's type and device.</param>
    /// <param name="parts">With a bias; stride, padding and dilation are the same both ways.</param>
    /// <returns>[N, out, H', W'], in the caller's dispose scope.</returns>
    Tensor Relu(Tensor input, ConvolutionParts parts);

    /// <summary>ReLU of a convolution, its bias and another tensor.</summary>
    /// <param name="input">As in <see cref="Relu"/>.</param>
    /// <param name="other">Of the output's shape; left as it is.</param>
    /// <param name="parts">As in <see cref="Relu"/>.</param>
    /// <returns>[N, out, H', W'], in the caller's dispose scope.</returns>
    Tensor AddRelu(Tensor input, Tensor other, ConvolutionParts parts);
}
