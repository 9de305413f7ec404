using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Networks;

/// <summary>The classifying layer of a network: the linear layer that is replaced for other classes.</summary>
/// <param name="Name">State-dict prefix, without the dot.</param>
/// <param name="Layer">It stays the same object when it is replaced: only its parameters are new.</param>
internal sealed record LinearHead(string Name, Linear Layer)
{
    internal int Classes => (int)Layer.weight.shape[0];

    internal int FeatureCount => (int)Layer.weight.shape[1];

    /// <summary>Fresh parameters, with the old ones' device and type, and a bias if there was one.</summary>
    /// <param name="classes">Outputs from now on.</param>
    internal void Replace(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        using var scope = NewDisposeScope();
        using var fresh = nn.Linear(FeatureCount, classes, Layer.bias is not null, Layer.weight.device, Layer.weight.dtype);
        // Copies: TorchSharp lets no submodule be registered twice, and a layer disposes its parameters when it is collected.
        Layer.weight = nn.Parameter(fresh.weight.detach().clone());
        if (fresh.bias is not null)
            Layer.bias = nn.Parameter(fresh.bias.detach().clone());
        Layer.out_features = classes;
    }
}
