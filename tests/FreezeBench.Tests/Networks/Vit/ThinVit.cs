using FreezeBench.Networks.Vit;

namespace FreezeBench.Tests.Networks.Vit;

/// <summary>A vision transformer small enough for tests of behaviour: one block a stage, 5 tokens.</summary>
internal static class ThinVit
{
    internal const int Px = 32;

    internal static readonly VitShape Shape = new(Width: 16, Depth: 4, Heads: 2);

    internal static VitNetwork Network()
    {
        var network = new VitNetwork(Shape, Thin.Classes, Px);
        FormulaWeights.Fill(network.Module);
        return network;
    }
}
