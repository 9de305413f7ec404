namespace FreezeBench.Kernels.Folding;

/// <summary>What a trial of <see cref="IFusedOperators"/> on a device has found.</summary>
/// <param name="Runs">Whether libtorch and cuDNN have them for the type.</param>
/// <param name="Agrees">Whether they compute what the separate operations do, whatever lay in the memory of their output before.</param>
/// <param name="KeepsNaN">Whether NaN stays NaN: a network that is broken is to look so.</param>
internal sealed record FusedTrial(bool Runs, bool Agrees, bool KeepsNaN)
{
    /// <summary>Whether they are used.</summary>
    internal bool Passes => Runs && Agrees && KeepsNaN;
}
