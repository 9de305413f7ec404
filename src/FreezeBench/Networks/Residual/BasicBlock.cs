using FreezeBench.Kernels;
using FreezeBench.Kernels.Folding;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Networks.Residual;

/// <summary>
/// Two 3x3 convolutions and the shortcut around them: float32 [N, in, H, W] to [N, channels, H/stride, W/stride].
/// </summary>
internal sealed class BasicBlock : nn.Module<Tensor, Tensor>, IFoldableBlock
{
    private readonly nn.Module<Tensor, Tensor> conv1;
    private readonly BatchNorm2d bn1;
    private readonly nn.Module<Tensor, Tensor> conv2;
    private readonly BatchNorm2d bn2;
    private readonly Sequential? downsample;

    internal BasicBlock(KernelSet kernels, int channelsIn, int channels, int stride) : base(nameof(BasicBlock))
    {
        conv1 = Layers.Convolution(kernels, channelsIn, channels, kernel: 3, stride);
        bn1 = nn.BatchNorm2d(channels);
        conv2 = Layers.Convolution(kernels, channels, channels, kernel: 3);
        bn2 = nn.BatchNorm2d(channels);
        downsample = Layers.Shortcut(kernels, channelsIn, channels, stride);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        // A scope for each block, unlike the rest of the code: without it a forward pass that builds no graph would keep
        // every intermediate of the network until the end of the step.
        using var scope = NewDisposeScope();
        var output = bn1.call(conv1.call(input)).relu_();
        output = bn2.call(conv2.call(output));
        return output.add_(downsample?.call(input) ?? input, alpha: Numbers.One).relu_().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public FoldedBlock Fold(string name, ScalarType type) => new(
        [new($"{name}.{nameof(conv1)}", conv1, bn1, type), new($"{name}.{nameof(conv2)}", conv2, bn2, type)],
        FoldedBlock.Shortcut(downsample, $"{name}.{nameof(downsample)}", type));
}
