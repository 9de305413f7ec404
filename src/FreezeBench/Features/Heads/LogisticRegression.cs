using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Features.Heads;

/// <summary>
/// Multinomial logistic regression: the linear layer W, b that minimises mean cross-entropy + l/2 |W|^2 on features that are centred and
/// divided by one number (<see cref="Standardisation"/>). b is not penalised. scikit-learn's LogisticRegression minimises the same with C = 1 / (l n).
/// </summary>
internal sealed class LogisticRegression : IDisposable
{
    // Of the gradient's components, which are of the size of the features, 1, at the start: far below what moves a prediction.
    private const double Tolerance = 1e-6;
    private const int MostIterations = 2000;

    private readonly Standardisation standardisation;
    private readonly Tensor inputs;     // float64 [N, F + 1]: the standardised features, and 1 for b
    private readonly Tensor targets;    // float64 [N, classes], one 1 a row
    private readonly Tensor penalised;  // float64 [F + 1]: 1, and 0 for b
    private readonly int classes;

    /// <param name="features">float32 or float64 [N, F]; not owned.</param>
    /// <param name="labels">int64 [N], 0 to <paramref name="classes"/> - 1, on the same device; not owned.</param>
    /// <param name="classes">2 or more.</param>
    internal LogisticRegression(Tensor features, Tensor labels, int classes)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        this.classes = classes;
        var found = Standardisation.Of(features);
        standardisation = new(found.Mean.DetachFromDisposeScope(), found.Scale.DetachFromDisposeScope());
        var standardised = found.Apply(features);
        inputs = cat([standardised, ones(standardised.size(0), 1, ScalarType.Float64, standardised.device)], 1).DetachFromDisposeScope();
        targets = labels.unsqueeze(1).eq(arange(classes, ScalarType.Int64, labels.device)).to(ScalarType.Float64).DetachFromDisposeScope();
        penalised = cat([ones(standardised.size(1), ScalarType.Float64, standardised.device), zeros(1, ScalarType.Float64, standardised.device)], 0).DetachFromDisposeScope();
    }

    /// <summary>W and b of no preference: where the first fit of a path begins.</summary>
    /// <returns>float64 [classes * (F + 1)], in the caller's dispose scope.</returns>
    internal Tensor Start() => zeros(classes * inputs.size(1), ScalarType.Float64, inputs.device);

    /// <summary>Finds the one minimum.</summary>
    /// <param name="l2">Strength of the penalty, above 0: without one the minimum may lie at infinity.</param>
    /// <param name="start">A solution for another strength, or <see cref="Start"/>.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    internal Minimum Fit(double l2, Tensor start, CancellationToken cancellation = default) =>
        new Lbfgs(point => Objective(point, l2), Tolerance, MostIterations).From(start, cancellation);

    /// <summary>Class scores of other images by a solution.</summary>
    /// <param name="solution">Of <see cref="Fit"/>.</param>
    /// <param name="features">float32 or float64 [M, F]; not owned.</param>
    /// <returns>float64 [M, classes], in the caller's dispose scope.</returns>
    internal Tensor Scores(Tensor solution, Tensor features)
    {
        using var scope = NewDisposeScope();
        var (weight, bias) = Layer(solution);
        return features.to(ScalarType.Float64).matmul(weight.t()).add(bias).MoveToOuterDisposeScope();
    }

    /// <summary>A solution as a linear layer on features as they are: the standardisation is folded in.</summary>
    /// <returns>float64 [classes, F] and [classes], in the caller's dispose scope.</returns>
    internal (Tensor Weight, Tensor Bias) Layer(Tensor solution)
    {
        using var scope = NewDisposeScope();
        var matrix = solution.reshape(classes, -1);
        var weight = matrix.narrow(1, 0, matrix.size(1) - 1) / standardisation.Scale;
        var bias = matrix.select(1, matrix.size(1) - 1) - weight.mv(standardisation.Mean);
        return (weight.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        standardisation.Mean.Dispose();
        standardisation.Scale.Dispose();
        inputs.Dispose();
        targets.Dispose();
        penalised.Dispose();
    }

    // The gradient in closed form: of mean cross-entropy it is (softmax - targets)^T inputs / N.
    private (double Value, Tensor Gradient) Objective(Tensor point, double l2)
    {
        using var scope = NewDisposeScope();
        var matrix = point.reshape(classes, -1);
        var logarithms = nn.functional.log_softmax(inputs.matmul(matrix.t()), 1);
        // Scalars that outlive their calls: one that TorchSharp makes of a number may be collected while libtorch still reads it.
        using Scalar strength = l2, share = 1.0 / inputs.size(0);
        var penalty = (matrix * penalised).mul_(strength);
        var value = (-(logarithms * targets).sum().item<double>() / inputs.size(0)) + ((penalty * matrix).sum().item<double>() / 2);
        var gradient = (logarithms.exp() - targets).t().matmul(inputs).mul_(share) + penalty;
        return (value, gradient.reshape(-1).MoveToOuterDisposeScope());
    }
}
