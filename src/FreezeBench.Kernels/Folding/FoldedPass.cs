using FreezeBench.Kernels.Observing;

namespace FreezeBench.Kernels.Folding;

/// <summary>What one pass through a folded copy hands to each of its operations.</summary>
/// <param name="Layers">Told of every convolution; null: nobody.</param>
/// <param name="Work">Told of what is between them; null: nobody.</param>
/// <param name="IsFinite">Whether the operation's activations hold neither NaN nor infinity (<see cref="ActivationBound"/>).</param>
internal readonly record struct FoldedPass(ILayerObserver? Layers, IWorkObserver? Work, bool IsFinite);
