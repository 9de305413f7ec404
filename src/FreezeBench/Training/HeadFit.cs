using FreezeBench.Features.Heads;
using FreezeBench.Images.Sets;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using FreezeBench.Torch.Hardware;
using static TorchSharp.torch;

namespace FreezeBench.Training;

/// <summary>A head that is found once on cached features instead of being trained in steps.</summary>
/// <remarks>
/// <see cref="HeadKind.Lbfgs"/>: a <see cref="LogisticRegression"/> of all training images, by the strength that <see cref="LogisticChoice"/> takes, written
/// into the network's head. <see cref="HeadKind.Knn"/>: <see cref="NearestNeighbours"/>; the network's head stays as it was drawn and has no part.
/// </remarks>
internal sealed class HeadFit : IDisposable
{
    private readonly Trainer trainer;
    private readonly FeatureBatches features;
    private readonly NearestNeighbours? neighbours;

    /// <param name="kind">Another than <see cref="HeadKind.Sgd"/>.</param>
    /// <param name="trainer">With features; not owned.</param>
    /// <param name="seed">Draws what the strength is chosen on.</param>
    /// <param name="stepEnded">Gets how many fits are done, and how many there are.</param>
    /// <param name="says">Told where there was no choice, or no end.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    /// <exception cref="UserErrorException">The network's head is not one linear layer with a bias.</exception>
    internal HeadFit(HeadKind kind, Trainer trainer, int seed, Action<int, int>? stepEnded, Action<string>? says, CancellationToken cancellation)
    {
        (this.trainer, features) = (trainer, trainer.Features!);
        var clock = new DeviceClock(features.Device);
        var start = clock.Now();
        if (kind == HeadKind.Knn)
            neighbours = new NearestNeighbours(features.Features, features.Labels, trainer.Network.Network.Classes);
        else
            L2 = Regress(seed, stepEnded, says, cancellation);
        Duration = clock.Since(start);
    }

    /// <summary>What finding it took, the wait for the device included.</summary>
    internal TimeSpan Duration { get; }

    /// <summary>Strength of the L2 penalty; null where there is none.</summary>
    internal double? L2 { get; }

    /// <summary>From features to class scores in the place of the network's head; null: that one has been found.</summary>
    internal Func<Tensor, Tensor>? Scores => neighbours is null ? null : neighbours.LogShares;

    /// <summary>The training images by the head; by neighbours each by all others, or everyone would be his own nearest.</summary>
    internal PassResult TrainingPass(CancellationToken cancellation)
    {
        if (neighbours is null)
        {
            // In stored order, and not owned: the trainer goes on with its own.
            using var all = new FeatureBatches(features.Features.alias(), features.Labels, features.BatchSize);
            return Evaluation.Run(trainer.Network, all, cancellation);
        }
        using var totals = new RunningTotals(features.Device);
        for (var first = 0; first < neighbours.Count; first += neighbours.BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(neighbours.BatchSize, neighbours.Count - first);
            var (scores, labels) = (neighbours.LogSharesOfOthers(first, count), features.Labels.narrow(0, first, count));
            totals.Add(nn.functional.cross_entropy(scores, labels), scores, labels);
        }
        return totals.Read();
    }

    public void Dispose() => neighbours?.Dispose();

    private double Regress(int seed, Action<int, int>? stepEnded, Action<string>? says, CancellationToken cancellation)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var network = trainer.Network;
        var (all, labels, classes) = (features.Features, features.Labels, network.Network.Classes);
        if (network.HeadParameters is not [var weight, var bias] || !weight.shape.SequenceEqual([classes, all.size(1)]) || !bias.shape.SequenceEqual([classes]))
            throw new UserErrorException($"‹head› {HeadKind.Lbfgs.Word()} finds one linear layer with a bias, and this network's head is another. Pass ‹head› {HeadKind.Sgd.Word()} or {HeadKind.Knn.Word()}.");
        var fits = LogisticChoice.Grid.Count + 1;
        var chosen = LogisticChoice.Of(all, labels, classes, seed, done => stepEnded?.Invoke(done, fits), cancellation);
        if (chosen is null)
            says?.Invoke(FormattableString.Invariant($"no class has two training images to choose an L2 strength by: {LogisticChoice.WithoutChoice} is taken"));
        var l2 = chosen ?? LogisticChoice.WithoutChoice;
        using var regression = new LogisticRegression(all, labels, classes);
        var minimum = regression.Fit(l2, regression.Start(), cancellation);
        if (!minimum.Converged)
            says?.Invoke(FormattableString.Invariant($"lbfgs ended after {minimum.Iterations} iterations with a slope of {minimum.LargestSlope:0.0e0}, before its minimum"));
        var (found, shift) = regression.Layer(minimum.Point);
        weight.copy_(found);
        bias.copy_(shift);
        stepEnded?.Invoke(fits, fits);
        return l2;
    }
}
