using System.Globalization;
using FreezeBench.Kernels;
using FreezeBench.Kernels.Folding;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Networks.Residual;

/// <summary>
/// Convolutions with BatchNorm, ReLU between them, and the shortcut around them: float32 [N, in, H, W] to [N, out, H/stride, W/stride]. Named as in
/// torchvision: conv1, bn1 and so on, and downsample.
/// </summary>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>, IFoldableBlock
{
    private const string ShortcutName = "downsample";
    private readonly List<(string Name, nn.Module<Tensor, Tensor> Convolution, BatchNorm2d Norm)> path = [];
    private readonly Sequential? shortcut;

    /// <param name="kernels">Whose convolutions.</param>
    /// <param name="channelsIn">Of the input.</param>
    /// <param name="path">Output channels, kernel and stride of each convolution.</param>
    internal ResidualBlock(KernelSet kernels, int channelsIn, params IReadOnlyList<(int Channels, int Kernel, int Stride)> path) : base(nameof(ResidualBlock))
    {
        var into = channelsIn;
        foreach (var (index, layer) in path.Index())
        {
            var number = (index + 1).ToString(CultureInfo.InvariantCulture);
            this.path.Add(($"conv{number}", Layers.Convolution(kernels, into, layer.Channels, layer.Kernel, layer.Stride), nn.BatchNorm2d(layer.Channels)));
            // By their names: TorchSharp finds no components in a list of pairs.
            register_module(this.path[^1].Name, this.path[^1].Convolution);
            register_module($"bn{number}", this.path[^1].Norm);
            into = layer.Channels;
        }
        shortcut = Layers.Shortcut(kernels, channelsIn, into, path.Max(layer => layer.Stride));
        if (shortcut is not null)
            register_module(ShortcutName, shortcut);
    }

    /// <summary>Two 3x3 convolutions, the first of which has the stride.</summary>
    internal static ResidualBlock Basic(KernelSet kernels, int channelsIn, int channels, int stride) => new(kernels, channelsIn, (channels, 3, stride), (channels, 3, 1));

    /// <summary>1x1, 3x3 and 1x1. The stride is in the 3x3 convolution, as in torchvision ("ResNet v1.5"); the paper has it in the first 1x1.</summary>
    internal static ResidualBlock Bottleneck(KernelSet kernels, int channelsIn, int channels, int channelsOut, int stride) =>
        new(kernels, channelsIn, (channels, 1, 1), (channels, 3, stride), (channelsOut, 1, 1));

    public override Tensor forward(Tensor input)
    {
        // A scope for each block, unlike the rest of the code: without it a forward pass that builds no graph would keep
        // every intermediate of the network until the end of the step.
        using var scope = NewDisposeScope();
        var output = input;
        foreach (var (index, (_, convolution, norm)) in path.Index())
        {
            output = norm.call(convolution.call(output));
            if (index < path.Count - 1)
                output.relu_();
        }
        return output.add_(shortcut?.call(input) ?? input, alpha: Numbers.One).relu_().MoveToOuterDisposeScope();
    }

    public FoldedBlock Fold(string name, ScalarType type) => new(
        [.. path.Select(layer => new FoldedConvolution($"{name}.{layer.Name}", layer.Convolution, layer.Norm, type))],
        FoldedBlock.Shortcut(shortcut, $"{name}.{ShortcutName}", type));
}
