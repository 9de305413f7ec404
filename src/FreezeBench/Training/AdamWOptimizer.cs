using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Training;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019, algorithm 2) and
/// the constants of torch.optim.AdamW: betas 0.9 and 0.999, epsilon 1e-8.
/// </summary>
public sealed class AdamWOptimizer : Optimizer
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;
    private const string StepsName = "steps";

    private readonly ParameterState first;
    private readonly ParameterState second;
    private readonly double weightDecay;
    private readonly long[] steps;      // by parameter: one that had no gradient for a while has its own bias correction

    /// <param name="groups">Parameters and their learning rates.</param>
    /// <param name="weightDecay">Share of a parameter that a step takes away, divided by the learning rate; 0 or more.</param>
    public AdamWOptimizer(IReadOnlyList<ParameterGroup> groups, double weightDecay)
        : this(groups, weightDecay, new ParameterState("first_moment"), new ParameterState("second_moment"))
    {
    }

    private AdamWOptimizer(IReadOnlyList<ParameterGroup> groups, double weightDecay, ParameterState first, ParameterState second)
        : base(groups, first, second)
    {
        (this.weightDecay, this.first, this.second) = (weightDecay, first, second);
        steps = new long[groups.Sum(group => group.Parameters.Count)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, Tensor>> State => [KeyValuePair.Create(StepsName, tensor(steps)), .. base.State];

    private protected override void Update(int index, Parameter parameter, Tensor gradient, double learningRate)
    {
        var step = ++steps[index];
        parameter.mul_(1 - (learningRate * weightDecay));
        var mean = first.Find(index) ?? first.Begin(index, parameter);
        var square = second.Find(index) ?? second.Begin(index, parameter);
        mean.mul_(Beta1).add_(gradient, alpha: 1 - Beta1);
        square.mul_(Beta2).addcmul_(gradient, gradient, value: 1 - Beta2);
        using var denominator = square.sqrt();
        denominator.div_(Math.Sqrt(1 - Math.Pow(Beta2, step))).add_(Epsilon);
        parameter.addcdiv_(mean, denominator, value: -learningRate / (1 - Math.Pow(Beta1, step)));
    }

    private protected override bool RestoreOwn(string name, Tensor value)
    {
        if (name != StepsName || value.dtype != ScalarType.Int64 || value.dim() != 1 || value.size(0) != steps.Length)
            return false;
        using var copy = value.cpu().contiguous();
        copy.data<long>().CopyTo(steps);
        return true;
    }
}
