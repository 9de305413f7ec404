using static TorchSharp.torch;

namespace FreezeBench.Networks;

/// <summary>
/// A built network: ordered stages, the last of which is the head. Freezing cuts between two of them. Disposing it disposes the module.
/// </summary>
public interface INetwork : IDisposable
{
    /// <summary>The whole; the names of its state dict are those of weight files.</summary>
    nn.Module<Tensor, Tensor> Module { get; }

    /// <summary>In the order in which an image passes them; two at least; the last is the head.</summary>
    IReadOnlyList<NetworkStage> Stages { get; }

    /// <summary>
    /// The state-dict prefix of the classifying linear layer, without the dot: <c>fc</c>, <c>classifier.3</c>, <c>head</c>.
    /// </summary>
    string HeadName { get; }

    /// <summary>Outputs of the classifying layer.</summary>
    int Classes { get; }

    /// <summary>Numbers that the head gets for each image.</summary>
    int FeatureCount { get; }
}
