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

    private protected override void Update(IReadOnlyList<Moved> moved, double learningRate)
    {
        // As a rule all have done the same number of steps, and one call moves them all.
        foreach (var alike in moved.GroupBy(one => ++steps[one.Index]).Select(group => group.ToList()))
        {
            var step = steps[alike[0].Index];
            UpdateScript.AdamW(
                [.. alike.Select(one => one.Parameter)], [.. alike.Select(one => one.Gradient)], [.. alike.Select(one => Remembered(first, one))],
                [.. alike.Select(one => Remembered(second, one))], 1 - (learningRate * weightDecay), Beta1, Beta2,
                Math.Sqrt(1 - Math.Pow(Beta2, step)), Epsilon, learningRate / (1 - Math.Pow(Beta1, step)), InPieces(alike));
        }
    }

    private static Tensor Remembered(ParameterState state, Moved one) => state.Find(one.Index) ?? state.Begin(one.Index, one.Parameter);

    private protected override bool RestoreOwn(string name, Tensor value)
    {
        if (name != StepsName || value.dtype != ScalarType.Int64 || value.dim() != 1 || value.size(0) != steps.Length)
            return false;
        using var copy = value.cpu().contiguous();
        copy.data<long>().CopyTo(steps);
        return true;
    }
}
