using static TorchSharp.torch;

namespace FreezeBench.Networks;

/// <summary>A network that can give its first stages as a copy for inference, with every BatchNorm folded into the convolution before it.</summary>
public interface IFoldable
{
    /// <summary>The stages from the first to one of them, in eval mode, as they are now.</summary>
    /// <param name="last">Index of the copy's last stage, before the head.</param>
    /// <param name="type">float32, or the 16-bit type that the network computes in.</param>
    /// <returns>Made of copies, disposed by the caller; null: the network was built of plain layers, which run as they are.</returns>
    IFrozenCopy? Fold(int last, ScalarType type);
}
