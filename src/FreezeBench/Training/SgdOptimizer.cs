using TorchSharp.Modules;
using static TorchSharp.torch;

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

    private protected override void Update(int index, Parameter parameter, Tensor gradient, double learningRate)
    {
        // Into the gradient itself, which the next step throws away: a tensor of its own would be one more pass over memory.
        var direction = weightDecay == 0 ? gradient : gradient.add_(parameter, alpha: weightDecay);
        if (momentum != 0)
            direction = WithMomentum(index, parameter, direction);
        parameter.add_(direction, alpha: -learningRate);
    }

    private Tensor WithMomentum(int index, Parameter parameter, Tensor direction) =>
        buffers.Find(index) is { } buffer
            ? buffer.mul_(momentum).add_(direction, alpha: 1)
            : buffers.Begin(index, parameter).copy_(direction);
}
