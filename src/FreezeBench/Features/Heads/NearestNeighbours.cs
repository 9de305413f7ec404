using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Features.Heads;

/// <summary>
/// The weighted vote of the nearest training images (Wu et al., "Unsupervised Feature Learning via Non-Parametric Instance Discrimination", 2018,
/// section 3.4; Caron et al., "Emerging Properties in Self-Supervised Vision Transformers", 2021, report it with 20 and 200 neighbours): each of the k
/// images of largest cosine similarity s votes for its class with exp(s / T), with T = 0.1.
/// </summary>
/// <remarks>In float64, so that rounding does not choose neighbours. Of equal similarities at the last place any may count.</remarks>
internal sealed class NearestNeighbours : IDisposable
{
    /// <summary>Neighbours that vote, or all images where there are fewer.</summary>
    internal const int Neighbours = 200;

    private const double Temperature = 0.1;
    private const long MostSimilarities = 1 << 24;  // at once: 128 MiB

    private readonly Tensor directions;     // float64 [N, F], each of length 1
    private readonly Tensor labels;
    private readonly int classes;

    /// <param name="features">float32 or float64 [N, F]; not owned.</param>
    /// <param name="labels">int64 [N], 0 to <paramref name="classes"/> - 1, on the same device; not owned.</param>
    /// <param name="classes">2 or more.</param>
    internal NearestNeighbours(Tensor features, Tensor labels, int classes)
    {
        (this.labels, this.classes) = (labels, classes);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        directions = Directions(features).DetachFromDisposeScope();
    }

    /// <summary>Images that one call of <see cref="LogShares(Tensor)"/> should be given at most.</summary>
    internal int BatchSize => (int)Math.Clamp(MostSimilarities / directions.size(0), 1, 4096);

    /// <summary>Number of training images.</summary>
    internal int Count => (int)directions.size(0);

    /// <summary>Logarithms of the classes' shares of the votes for some images.</summary>
    /// <remarks>
    /// Each class has one vote more, of similarity -1, the weakest that there is: a class that no neighbour is of has a share above 0, whose logarithm is a
    /// number. All classes have the same vote more, so it decides nothing.
    /// </remarks>
    /// <param name="features">float32 or float64 [M, F]; not owned.</param>
    /// <returns>float64 [M, classes], in the caller's dispose scope.</returns>
    internal Tensor LogShares(Tensor features) => LogShares(features, first: null);

    /// <summary>The same for the training images themselves, each by all others.</summary>
    /// <param name="first">Position of the first.</param>
    /// <param name="count">How many.</param>
    internal Tensor LogSharesOfOthers(int first, int count) => LogShares(directions.narrow(0, first, count), first);

    public void Dispose() => directions.Dispose();

    private Tensor LogShares(Tensor features, int? first)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var similarities = Directions(features).matmul(directions.t());
        if (first is { } position)
            similarities.narrow(1, position, features.size(0)).diagonal().fill_(double.NegativeInfinity);
        var voters = Math.Min(Neighbours, Count - (first is null ? 0 : 1));
        var (nearest, indices) = similarities.topk(voters, 1);
        using Scalar sharpness = 1 / Temperature, weakest = Math.Exp(-1 / Temperature);
        var votes = (nearest * sharpness).exp();
        var classOf = labels.index_select(0, indices.reshape(-1)).reshape(indices.shape);
        // Class by class, in the order of the neighbours: a scatter would sum in any order on a GPU.
        List<Tensor> sums = [];
        for (var label = 0; label < classes; label++)
            sums.Add((votes * classOf.eq(label)).sum(1));
        var all = stack(sums, 1) + weakest;
        return (all / all.sum(1, keepdim: true)).log().MoveToOuterDisposeScope();
    }

    private static Tensor Directions(Tensor features)
    {
        using var scope = NewDisposeScope();
        var exact = features.to(ScalarType.Float64);
        var lengths = exact.square().sum(1, keepdim: true).sqrt();
        // Nothing has a direction: similar to none.
        return (exact / where(lengths > 0, lengths, ones_like(lengths))).MoveToOuterDisposeScope();
    }
}
