using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Optimizing;

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

    /// <summary>One learning rate for all parameters.</summary>
    /// <param name="parameters">At least one; not owned. Freeze first: one that does not train is left out.</param>
    /// <param name="learningRate">Of the first step; 0 or more.</param>
    /// <param name="momentum">0 to below 1; 0: none is kept.</param>
    /// <param name="weightDecay">L2 penalty, 0 or more.</param>
    /// <exception cref="ArgumentException">No parameter trains.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public SgdOptimizer(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double weightDecay = 0)
        : this(OneGroup(parameters, learningRate), momentum, weightDecay)
    {
    }

    /// <summary>A learning rate for each group.</summary>
    /// <param name="groups">Parameters and their learning rates.</param>
    /// <param name="momentum">0 to below 1; 0: none is kept.</param>
    /// <param name="weightDecay">L2 penalty, 0 or more.</param>
    /// <exception cref="ArgumentException">A parameter is in them twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public SgdOptimizer(IReadOnlyList<ParameterGroup> groups, double momentum, double weightDecay)
        : this(groups, momentum, weightDecay, new ParameterState("momentum"))
    {
    }

    private SgdOptimizer(IReadOnlyList<ParameterGroup> groups, double momentum, double weightDecay, ParameterState buffers)
        : base(groups, buffers)
    {
        InRange(momentum, nameof(momentum), below: 1);
        InRange(weightDecay, nameof(weightDecay));
        (this.momentum, this.weightDecay, this.buffers) = (momentum, weightDecay, buffers);
    }

    private protected override void Update(ParameterUpdate update, double learningRate)
    {
        var (_, parameter, gradient) = update;
        using Scalar decay = weightDecay, rate = -learningRate;
        // Into the gradient itself, which the next step throws away: a tensor of its own would be one more pass over memory.
        if (weightDecay != 0)
            using (Working())
                gradient.add_(parameter, alpha: decay);
        var direction = momentum == 0 ? gradient : WithMomentum(update);
        using (Working())
            parameter.add_(direction, alpha: rate);
    }

    private protected override void UpdateTogether(ForeachOperators operators, IReadOnlyList<ParameterUpdate> updates, double learningRate)
    {
        var parameters = new TensorList(updates.Select(update => update.Parameter));
        var directions = new TensorList(updates.Select(update => update.Gradient));
        if (weightDecay != 0)
            using (Working())
                operators.Add(directions, parameters, weightDecay);
        if (momentum != 0)
            directions = WithMomentum(operators, updates);
        using (Working())
            operators.Add(parameters, directions, -learningRate);
    }

    // The gradients are the directions by now.
    private Tensor WithMomentum(ParameterUpdate update)
    {
        if (buffers.Find(update.Index) is not { } buffer)
            return buffers.Begin(update.Index, update.Parameter).copy_(update.Gradient);
        using Scalar kept = momentum;
        using (Working())
            buffer.mul_(kept);
        using (Working())
            buffer.add_(update.Gradient, alpha: Numbers.One);
        return buffer;
    }

    private TensorList WithMomentum(ForeachOperators operators, IReadOnlyList<ParameterUpdate> updates)
    {
        List<ParameterUpdate> remembered = [.. updates.Where(update => buffers.Find(update.Index) is not null)];
        var velocities = new TensorList(remembered.Select(update => buffers.Find(update.Index)!));
        using (Working())
            operators.Multiply(velocities, momentum);
        using (Working())
            operators.Add(velocities, new(remembered.Select(update => update.Gradient)), 1);
        // One by one: a parameter begins once.
        foreach (var update in updates.Except(remembered))
            buffers.Begin(update.Index, update.Parameter).copy_(update.Gradient);
        return new(updates.Select(update => buffers.Find(update.Index)!));
    }
}
