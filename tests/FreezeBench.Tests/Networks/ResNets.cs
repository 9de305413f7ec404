using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.Residual;

namespace FreezeBench.Tests.Networks;

/// <summary>The catalogue's ResNets: the networks that the goldens of PyTorch are of.</summary>
internal static class ResNets
{
    internal static IReadOnlyList<Network> All { get; } = [NetworkCatalog.ResNet18, NetworkCatalog.ResNet34, NetworkCatalog.ResNet50];

    /// <summary>As the catalogue builds it; a ResNet goes with every resolution.</summary>
    internal static ResNet Build(string name, int classes, KernelSet? kernels = null) => (ResNet)NetworkCatalog.Parse(name).Build(classes, 32, kernels);

    /// <summary>The first stage in which the policy trains something.</summary>
    internal static Stage FirstStage(this FreezingPolicy policy) => (Stage)policy.FirstTrained(ResNet.StageNames);
}
