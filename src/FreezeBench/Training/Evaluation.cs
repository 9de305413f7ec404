using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using static TorchSharp.torch;

namespace FreezeBench.Training;

/// <summary>Loss and accuracy without training.</summary>
public static class Evaluation
{
    /// <summary>One pass in eval mode without a graph; the network is back in training mode afterwards.</summary>
    /// <param name="network">Not changed: neither weights nor running statistics.</param>
    /// <param name="source">Images of the test set, or their cached features.</param>
    /// <param name="cancellation">Looked at before every batch.</param>
    /// <returns>With <see cref="PassResult.ByClass"/>.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled; the network is in training mode then, too.</exception>
    public static PassResult Run(PolicyNetwork network, BatchSource source, CancellationToken cancellation = default) => Run(network, source, null, cancellation);

    /// <inheritdoc cref="Run(PolicyNetwork, BatchSource, CancellationToken)"/>
    /// <param name="scores">From a batch's inputs to class scores [N, classes], in the place of the network; null: its logits.</param>
    internal static PassResult Run(PolicyNetwork network, BatchSource source, Func<Tensor, Tensor>? scores, CancellationToken cancellation)
    {
        using var grad = no_grad();
        using var totals = new RunningTotals(source.Device);
        using var tally = new ClassTally(source.Device);
        var forward = scores ?? network.ForwardOf(source);
        network.Eval();
        try
        {
            for (var step = 0; step < source.StepsPerEpoch; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var batch = source.Load(step);
                var logits = forward(batch.Inputs);
                totals.Add(nn.functional.cross_entropy(logits, batch.Labels), logits, batch.Labels);
                tally.Add(logits, batch.Labels);
            }
        }
        finally
        {
            network.Train();
        }
        return totals.Read() with { ByClass = tally.Read() };
    }
}
