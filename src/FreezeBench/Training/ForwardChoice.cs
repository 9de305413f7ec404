using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using static TorchSharp.torch;

namespace FreezeBench.Training;

/// <summary>Which part of a network a batch goes through.</summary>
internal static class ForwardChoice
{
    /// <summary>Features come from the frozen backbone already: only the head is left; images go through everything.</summary>
    internal static Func<Tensor, Tensor> ForwardOf(this PolicyNetwork network, BatchSource source) =>
        source is FeatureBatches ? network.ForwardHead : network.Forward;
}
