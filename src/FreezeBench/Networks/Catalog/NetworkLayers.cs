using FreezeBench.Networks.Tracing;

namespace FreezeBench.Networks.Catalog;

/// <summary>The layers of a network for images of one size.</summary>
/// <param name="Layers">In the order of the forward pass, those of the head too.</param>
/// <param name="PooledValues">Numbers for each image behind the first stage's pooling, whose indices are kept; 0: unknown or none.</param>
public sealed record NetworkLayers(IReadOnlyList<TracedLayer> Layers, long PooledValues);
