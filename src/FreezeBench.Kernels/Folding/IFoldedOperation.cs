using static TorchSharp.torch;

namespace FreezeBench.Kernels.Folding;

/// <summary>One of the operations that a folded copy runs in turn.</summary>
internal interface IFoldedOperation : IDisposable
{
    /// <summary>Whether there is a faster form for passes without NaN and infinity.</summary>
    bool NeedsFinite { get; }

    /// <summary>Whether the output lies in memory that nobody else has.</summary>
    bool GivesOwnMemory { get; }

    /// <summary>From the largest absolute value of an input: the largest of all activations inside, and of the output.</summary>
    /// <param name="input">Infinity: not known.</param>
    /// <returns>NaN where the operation's own weights are not finite.</returns>
    (double Inside, double Output) Bound(double input);

    /// <summary>The operation, without a graph.</summary>
    /// <param name="input">Of the first pass's height and width.</param>
    /// <param name="mayOverwrite">Whether the input may hold the output afterwards; else it is left as it is.</param>
    /// <param name="pass">Of which this is a part.</param>
    /// <returns>In the caller's dispose scope.</returns>
    Tensor Run(Tensor input, bool mayOverwrite, FoldedPass pass);
}
