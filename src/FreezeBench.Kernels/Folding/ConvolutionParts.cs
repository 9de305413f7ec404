using FreezeBench.Kernels.Convolutions;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Folding;

/// <summary>What a convolution layer of either kind computes with; nothing is owned.</summary>
internal sealed record ConvolutionParts(Tensor Weight, Tensor? Bias, long[] Stride, long[] Padding, long[] Dilation, long Groups)
{
    private static readonly long[] dense = [1, 1];

    /// <summary>The parts of a layer; null: it is none, or one that pads with other values than zeros, or by a rule.</summary>
    internal static ConvolutionParts? Of(nn.Module layer) => layer switch
    {
        TrainedConvolution own => new(own.Weight, own.Bias, [.. own.Stride], [.. own.Padding], dense, 1),
        Conv2d { padding_mode: PaddingModes.Zeros, padding: { } padding, padding_type: null } libtorchs =>
            new(libtorchs.weight!, libtorchs.bias, libtorchs.stride, padding, libtorchs.dilation, libtorchs.groups),
        _ => null,
    };

    /// <summary>Whether every output channel sees every input channel, at pixels side by side: what the faster forms are for.</summary>
    internal bool IsDense => Groups == 1 && Dilation.All(step => step == 1);
}
