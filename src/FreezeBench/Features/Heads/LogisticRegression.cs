using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Features.Heads;

/// <summary>
/// Multinomial logistic regression: the linear layer W, b that minimises mean cross-entropy + l/2 |W|^2 on features that are centred and
/// divided by one number (<see cref="Standardisation"/>). b is not penalised. scikit-learn's LogisticRegression minimises the same with C = 1 / (l n).
/// </summary>
/// <remarks>
/// It is minimised along the features' principal axes. That is the same minimum, since neither the scores nor |W| change with a rotation; but there the second
/// derivatives are nearly a diagonal, which is cheap to know, and where features are of unlike size, as a network without training makes them, a search that
/// begins with it takes a tenth of the steps. Of fewer images than features, the axes are as many as the images.
/// </remarks>
internal sealed class LogisticRegression : IDisposable
{
    // Of the gradient's components, which are of the size of the features, 1, at the start: far below what moves a prediction.
    private const double Tolerance = 1e-6;
    private const int MostIterations = 2000;
    // Where classes come apart the second derivatives shrink with every step: so often they are looked at anew.
    private const int Round = 25;
    private const int RowsAtOnce = 4096;

    private readonly Standardisation standardisation;
    private readonly Tensor axes;       // float64 [F, A], orthonormal: the principal axes of the standardised features
    private readonly Tensor inputs;     // float64 [N, A + 1]: the standardised features along them, and 1 for b
    private readonly Tensor targets;    // float64 [N, classes], one 1 a row
    private readonly Tensor penalised;  // float64 [A + 1]: 1, and 0 for b
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
        axes = PrincipalAxes(standardised).DetachFromDisposeScope();
        var along = standardised.matmul(axes);
        inputs = cat([along, ones(along.size(0), 1, ScalarType.Float64, along.device)], 1).DetachFromDisposeScope();
        targets = labels.unsqueeze(1).eq(arange(classes, ScalarType.Int64, labels.device)).to(ScalarType.Float64).DetachFromDisposeScope();
        penalised = cat([ones(along.size(1), ScalarType.Float64, along.device), zeros(1, ScalarType.Float64, along.device)], 0).DetachFromDisposeScope();
    }

    // On the CPU: matrices of thousands are small, and nothing is asked of the device that another would not have.
    private static Tensor PrincipalAxes(Tensor standardised)
    {
        using var scope = NewDisposeScope();
        var found = standardised.size(0) < standardised.size(1)
            ? linalg.svd(standardised.cpu(), fullMatrices: false).Vh.t()
            : linalg.eigh(standardised.t().matmul(standardised).cpu()).Item2;
        return found.contiguous().to(standardised.device).MoveToOuterDisposeScope();
    }

    /// <summary>W and b of no preference: where the first fit of a path begins.</summary>
    /// <returns>float64 [classes * (A + 1)], along A axes, in the caller's dispose scope.</returns>
    internal Tensor Start() => zeros(classes * inputs.size(1), ScalarType.Float64, inputs.device);

    /// <param name="l2">Strength of the penalty, above 0: without one the minimum may lie at infinity.</param>
    /// <param name="start">A solution for another strength, or <see cref="Start"/>.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    internal Minimum Fit(double l2, Tensor start, CancellationToken cancellation = default)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var iterations = 0;
        while (true)
        {
            var minimum = new Lbfgs(point => Objective(point, l2), Tolerance, Math.Min(Round, MostIterations - iterations), Curvatures(start, l2).reciprocal()).From(start, cancellation);
            (start, iterations) = (minimum.Point, iterations + minimum.Iterations);
            if (minimum.Converged || minimum.Iterations < Round || iterations == MostIterations)
                return minimum with { Point = start.MoveToOuterDisposeScope(), Iterations = iterations };
        }
    }

    /// <summary>The diagonal of the second derivatives at a point. Those by b, which may be anything where all is certain, count as a millionth at least.</summary>
    private Tensor Curvatures(Tensor point, double l2)
    {
        using var scope = NewDisposeScope();
        using Scalar strength = l2, share = 1.0 / inputs.size(0);
        var sum = zeros_like(point).reshape(classes, -1);
        for (long row = 0; row < inputs.size(0); row += RowsAtOnce)
        {
            using var part = NewDisposeScope();
            var some = inputs.narrow(0, row, Math.Min(RowsAtOnce, inputs.size(0) - row));
            var likely = nn.functional.softmax(some.matmul(point.reshape(classes, -1).t()), 1);
            sum.add_((likely * (1 - likely)).t().matmul(some.square()));
        }
        return ((sum * share) + (penalised * strength)).clamp_min(1e-6).reshape(-1).MoveToOuterDisposeScope();
    }

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
        var weight = matrix.narrow(1, 0, matrix.size(1) - 1).matmul(axes.t()) / standardisation.Scale;
        var bias = matrix.select(1, matrix.size(1) - 1) - weight.mv(standardisation.Mean);
        return (weight.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        standardisation.Mean.Dispose();
        standardisation.Scale.Dispose();
        axes.Dispose();
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
