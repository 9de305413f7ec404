using FreezeBench.Kernels;
using FreezeBench.Kernels.Folding;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Networks.Residual;

/// <summary>
/// 1x1, 3x3 and 1x1 convolutions and the shortcut around them: float32 [N, in, H, W] to [N, 4 * channels, H/stride,
/// W/stride]. The stride is in the 3x3 convolution, as in torchvision ("ResNet v1.5"); the paper has it in the first 1x1.
/// </summary>
internal sealed class BottleneckBlock : nn.Module<Tensor, Tensor>, IFoldableBlock
{
    private readonly nn.Module<Tensor, Tensor> conv1;
    private readonly BatchNorm2d bn1;
    private readonly nn.Module<Tensor, Tensor> conv2;
    private readonly BatchNorm2d bn2;
    private readonly nn.Module<Tensor, Tensor> conv3;
    private readonly BatchNorm2d bn3;
    private readonly Sequential? downsample;

    internal BottleneckBlock(KernelSet kernels, int channelsIn, int channels, int channelsOut, int stride) : base(nameof(BottleneckBlock))
    {
        conv1 = Layers.Convolution(kernels, channelsIn, channels, kernel: 1);
        bn1 = nn.BatchNorm2d(channels);
        conv2 = Layers.Convolution(kernels, channels, channels, kernel: 3, stride);
        bn2 = nn.BatchNorm2d(channels);
        conv3 = Layers.Convolution(kernels, channels, channelsOut, kernel: 1);
        bn3 = nn.BatchNorm2d(channelsOut);
        downsample = Layers.Shortcut(kernels, channelsIn, channelsOut, stride);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        // A scope for each block: the reason is in BasicBlock.
        using var scope = NewDisposeScope();
        var output = bn1.call(conv1.call(input)).relu_();
        output = bn2.call(conv2.call(output)).relu_();
        output = bn3.call(conv3.call(output));
        return output.add_(downsample?.call(input) ?? input, alpha: Numbers.One).relu_().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public FoldedBlock Fold(string name, ScalarType type) => new(
        [
            new($"{name}.{nameof(conv1)}", conv1, bn1, type), new($"{name}.{nameof(conv2)}", conv2, bn2, type),
            new($"{name}.{nameof(conv3)}", conv3, bn3, type),
        ],
        FoldedBlock.Shortcut(downsample, $"{name}.{nameof(downsample)}", type));
}
