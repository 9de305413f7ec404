using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Optimizing;

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

    /// <summary>One learning rate for all parameters.</summary>
    /// <param name="parameters">At least one; not owned. Freeze first: one that does not train is left out.</param>
    /// <param name="learningRate">Of the first step; 0 or more.</param>
    /// <param name="weightDecay">Share of a parameter that a step takes away, divided by the learning rate; 0 or more.</param>
    /// <exception cref="ArgumentException">No parameter trains.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public AdamWOptimizer(IEnumerable<Parameter> parameters, double learningRate, double weightDecay = 0.01)
        : this(OneGroup(parameters, learningRate), weightDecay)
    {
    }

    /// <summary>A learning rate for each group.</summary>
    /// <param name="groups">Parameters and their learning rates.</param>
    /// <param name="weightDecay">Share of a parameter that a step takes away, divided by the learning rate; 0 or more.</param>
    /// <exception cref="ArgumentException">A parameter is in them twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public AdamWOptimizer(IReadOnlyList<ParameterGroup> groups, double weightDecay)
        : this(groups, weightDecay, new ParameterState("first_moment"), new ParameterState("second_moment"))
    {
    }

    private AdamWOptimizer(IReadOnlyList<ParameterGroup> groups, double weightDecay, ParameterState first, ParameterState second)
        : base(groups, first, second)
    {
        InRange(weightDecay, nameof(weightDecay));
        (this.weightDecay, this.first, this.second) = (weightDecay, first, second);
        steps = new long[groups.Sum(group => group.Parameters.Count)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, Tensor>> State => [KeyValuePair.Create(StepsName, tensor(steps)), .. base.State];

    private protected override void Update(ParameterUpdate update, double learningRate)
    {
        var (index, parameter, gradient) = update;
        var step = ++steps[index];
        using Scalar beta1 = Beta1, rest1 = 1 - Beta1, beta2 = Beta2, rest2 = 1 - Beta2, epsilon = Epsilon;
        using Scalar kept = Kept(learningRate), correction = SquareCorrection(step), move = Move(learningRate, step);
        using (Working())
            parameter.mul_(kept);
        var mean = first.FindOrBegin(index, parameter);
        var square = second.FindOrBegin(index, parameter);
        using (Working())
            mean.mul_(beta1);
        using (Working())
            mean.add_(gradient, alpha: rest1);
        using (Working())
            square.mul_(beta2);
        using (Working())
            square.addcmul_(gradient, gradient, value: rest2);
        using var denominator = SquareRoot(square);
        using (Working())
            denominator.div_(correction);
        using (Working())
            denominator.add_(epsilon, alpha: Numbers.One);
        using (Working())
            parameter.addcdiv_(mean, denominator, value: move);
    }

    private protected override void UpdateTogether(ForeachOperators operators, IReadOnlyList<ParameterUpdate> updates, double learningRate)
    {
        foreach (var update in updates)
            steps[update.Index]++;
        // The bias correction is one number for a list: as a rule all have made as many steps, and there is one.
        foreach (var alike in updates.GroupBy(update => steps[update.Index]))
            UpdateAlike(operators, [.. alike], learningRate, alike.Key);
    }

    private void UpdateAlike(ForeachOperators operators, IReadOnlyList<ParameterUpdate> updates, double learningRate, long step)
    {
        var parameters = new TensorList(updates.Select(update => update.Parameter));
        var gradients = new TensorList(updates.Select(update => update.Gradient));
        var means = new TensorList(updates.Select(update => first.FindOrBegin(update.Index, update.Parameter)));
        var squares = new TensorList(updates.Select(update => second.FindOrBegin(update.Index, update.Parameter)));
        using (Working())
            operators.Multiply(parameters, Kept(learningRate));
        using (Working())
            operators.Multiply(means, Beta1);
        using (Working())
            operators.Add(means, gradients, 1 - Beta1);
        using (Working())
            operators.Multiply(squares, Beta2);
        using (Working())
            operators.AddProduct(squares, gradients, gradients, 1 - Beta2);
        // The gradients are used up by now: tensors of their own for all denominators at once would be the weights' size again.
        var denominators = gradients;
        using (Working())
            operators.Copy(denominators, squares);
        using (Working())
            operators.SquareRoot(denominators);
        using (Working())
            operators.Divide(denominators, SquareCorrection(step));
        using (Working())
            operators.Add(denominators, Epsilon);
        using (Working())
            operators.AddQuotient(parameters, means, denominators, Move(learningRate, step));
    }

    private Tensor SquareRoot(Tensor square)
    {
        using (Working())
            return square.sqrt();
    }

    // What the decay leaves of a parameter.
    private double Kept(double learningRate) => 1 - (learningRate * weightDecay);

    private static double SquareCorrection(long step) => Math.Sqrt(1 - Math.Pow(Beta2, step));

    private static double Move(double learningRate, long step) => -learningRate / (1 - Math.Pow(Beta1, step));

    private protected override bool RestoreOwn(string name, Tensor value)
    {
        if (name != StepsName || value.dtype != ScalarType.Int64 || value.dim() != 1 || value.size(0) != steps.Length)
            return false;
        using var copy = value.cpu().contiguous();
        copy.data<long>().CopyTo(steps);
        return true;
    }

    private protected override void CarryOwnOver(Optimizer earlier, int before, int index) => steps[index] = ((AdamWOptimizer)earlier).steps[before];
}
