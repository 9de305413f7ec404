using FreezeBench.Kernels;
using FreezeBench.Kernels.Convolutions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Networks.Residual;

/// <summary>The layers that every part of a ResNet is made of, with the initialisation of torchvision's ResNet.</summary>
internal static class Layers
{
    /// <summary>
    /// A convolution without bias, padded to keep the size at stride 1. Weights: normal with variance 2 / (out * kernel^2)
    /// (He et al., "Delving Deep into Rectifiers", 2015, section 2.2, backward case).
    /// </summary>
    /// <returns>The same weights from the same generator with both kernels.</returns>
    internal static nn.Module<Tensor, Tensor> Convolution(KernelSet kernels, int channelsIn, int channelsOut, int kernel, int stride = 1)
    {
        var convolution = nn.Conv2d(channelsIn, channelsOut, kernel, stride, padding: kernel / 2, bias: false);
        nn.init.kaiming_normal_(convolution.weight!, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
        return kernels == KernelSet.Fast ? new TrainedConvolution(convolution) : convolution;
    }

    /// <summary>What a block adds to its own output where the shapes differ: a strided 1x1 convolution with BatchNorm.</summary>
    /// <returns>null where the input has the right shape already and is added as it is.</returns>
    internal static Sequential? Shortcut(KernelSet kernels, int channelsIn, int channelsOut, int stride) =>
        stride == 1 && channelsIn == channelsOut
            ? null
            : nn.Sequential(Convolution(kernels, channelsIn, channelsOut, kernel: 1, stride), nn.BatchNorm2d(channelsOut));

    /// <summary>layer1 to layer4: blocks in a row. The first block of layer2 and later halves height and width.</summary>
    internal static Sequential Layer(KernelSet kernels, ResNetShape shape, Stage layer)
    {
        var channels = shape.ChannelsInside(layer);
        var channelsOut = channels * shape.Expansion;
        var blocks = new nn.Module<Tensor, Tensor>[shape.Blocks[layer - Stage.Layer1]];
        for (var block = 0; block < blocks.Length; block++)
        {
            var first = block == 0;
            var channelsIn = !first ? channelsOut : layer == Stage.Layer1 ? shape.Width : channelsOut / 2;
            var stride = first && layer != Stage.Layer1 ? 2 : 1;
            blocks[block] = shape.Block == BlockKind.Bottleneck
                ? ResidualBlock.Bottleneck(kernels, channelsIn, channels, channelsOut, stride)
                : ResidualBlock.Basic(kernels, channelsIn, channels, stride);
        }
        return nn.Sequential(blocks);
    }
}
