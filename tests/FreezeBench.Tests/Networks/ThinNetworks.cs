using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.Vit;
using FreezeBench.Tests.Networks.General;
using FreezeBench.Tests.Networks.Vit;

namespace FreezeBench.Tests.Networks;

/// <summary>A network of each kind, small enough to train some steps, for images of 32 px. No weight of theirs is 0, so every one that trains moves.</summary>
internal static class ThinNetworks
{
    internal static IReadOnlyList<Network> All { get; } =
    [
        Filled(Thin.Definition()),
        Filled(new("thin_vit", VitNetwork.StageNames, (classes, px, _) => new VitNetwork(ThinVit.Shape, classes, px))),
        Filled(NetworkCatalog.Parse("mobilenet_v3_small")),
        Filled(Network.Of("own", classes => new WideModule(classes), "classifier")),
    ];

    internal static Network Of(string name) => All.First(network => network.Name == name);

    private static Network Filled(Network network) => new(network.Name, network.StageNames, (classes, px, kernels) =>
    {
        var built = network.Build(classes, px, kernels);
        FormulaWeights.Fill(built.Module);
        return built;
    });
}
