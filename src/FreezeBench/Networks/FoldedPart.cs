using FreezeBench.Kernels.Folding;
using FreezeBench.Kernels.Observing;
using static TorchSharp.torch;

namespace FreezeBench.Networks;

/// <summary>The first stages of any network, folded: a <see cref="FoldedSequence"/> that can end behind each of them.</summary>
internal sealed class FoldedPart : IFrozenCopy
{
    private readonly FoldedSequence sequence;
    private readonly int[] ends;    // by stage: operations to its end

    /// <param name="stages">Operations of each, one or more; owned.</param>
    /// <param name="originals">All modules that they are copies of.</param>
    /// <param name="type">Of the copies.</param>
    internal FoldedPart(IReadOnlyList<IReadOnlyList<IFoldedOperation>> stages, IEnumerable<nn.Module> originals, ScalarType type)
    {
        var end = 0;
        ends = [.. stages.Select(operations => end += operations.Count)];
        sequence = new([.. stages.SelectMany(operations => operations)], originals, type);
    }

    public bool IsCurrent => sequence.IsCurrent;

    public bool Takes(Tensor images) => sequence.Takes(images);

    public Tensor Run(Tensor images, int last, ILayerObserver? layers = null, IWorkObserver? work = null) => last >= 0 && last < ends.Length
        ? sequence.Run(images, ends[last], layers, work)
        : throw new ArgumentOutOfRangeException(nameof(last), last, "The copy ends before this stage.");

    public void Dispose() => sequence.Dispose();
}
