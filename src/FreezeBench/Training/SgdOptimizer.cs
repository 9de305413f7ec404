namespace FreezeBench.Training;

/// <summary>
/// SGD with momentum and an L2 penalty, as torch.optim.SGD computes it: g += decay * w; v = momentum * v + g; w -= rate * v,
/// where the first v is g itself.
/// </summary>
/// <remarks>The same operations in the same order as TorchSharp's SGD: the weights are the same bits.</remarks>
public sealed class SgdOptimizer : Optimizer
{
    private readonly ParameterState buffers;
    private readonly double momentum;
    private readonly double weightDecay;

    /// <param name="groups">Parameters and their learning rates.</param>
    /// <param name="momentum">0 to below 1; 0: none is kept.</param>
    /// <param name="weightDecay">L2 penalty, 0 or more.</param>
    public SgdOptimizer(IReadOnlyList<ParameterGroup> groups, double momentum, double weightDecay)
        : this(groups, momentum, weightDecay, new ParameterState("momentum"))
    {
    }

    private SgdOptimizer(IReadOnlyList<ParameterGroup> groups, double momentum, double weightDecay, ParameterState buffers)
        : base(groups, buffers) => (this.momentum, this.weightDecay, this.buffers) = (momentum, weightDecay, buffers);

    private protected override void Update(IReadOnlyList<Moved> moved, double learningRate)
    {
        List<Moved> later = new(moved.Count);
        foreach (var one in moved)
            if (momentum == 0 || buffers.Find(one.Index) is null)
                UpdateFirst(one, learningRate);
            else
                later.Add(one);
        if (later is not [])
            UpdateScript.Sgd(
                [.. later.Select(one => one.Parameter)], [.. later.Select(one => one.Gradient)], [.. later.Select(one => buffers.Find(one.Index)!)],
                learningRate, momentum, weightDecay, InPieces(later));
    }

    // Where there is no momentum, or none yet.
    private void UpdateFirst(Moved one, double learningRate)
    {
        // Into the gradient itself, which the next step throws away: a tensor of its own would be one more pass over memory.
        var direction = weightDecay == 0 ? one.Gradient : one.Gradient.add_(one.Parameter, alpha: weightDecay);
        if (momentum != 0)
            buffers.Begin(one.Index, one.Parameter).copy_(direction);
        one.Parameter.add_(direction, alpha: -learningRate);
    }
}
