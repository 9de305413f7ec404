using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Features.Heads;

/// <summary>
/// Minimises a smooth convex function by L-BFGS (Nocedal and Wright, "Numerical Optimization", 2nd edition, algorithm 7.5, here with ten pairs) and a
/// line search by bisection for the weak Wolfe conditions (Lewis and Overton, "Nonsmooth optimization via quasi-Newton methods", 2013, algorithm 2.6).
/// </summary>
/// <remarks>
/// Not TorchSharp's <c>optim.LBFGS</c>: it passes no line search on to libtorch, so that its steps have a fixed length, and it does not tell whether it
/// has converged. Deterministic where the function is.
/// </remarks>
/// <param name="function">The value at a point and its gradient, a float64 vector like the point, in the caller's dispose scope.</param>
/// <param name="tolerance">The end is where no component of the gradient is larger; above 0.</param>
/// <param name="mostIterations">Directions followed at most, 1 or more.</param>
/// <param name="inverseCurvatures">About the reciprocal of the second derivative by each component, above 0, float64 like the point: what the pairs start from (a
/// diagonal of the inverse Hessian). Not owned.</param>
internal sealed class Lbfgs(Func<Tensor, (double Value, Tensor Gradient)> function, double tolerance, int mostIterations, Tensor inverseCurvatures)
{
    private const int Pairs = 10;
    private const int MostTrials = 60;      // halvings of a step of 1 down to the last bit of a double, and some doublings
    private const double Decrease = 1e-4;   // Nocedal and Wright's usual constants
    private const double Curvature = 0.9;

    /// <summary>Goes down from a point.</summary>
    /// <param name="start">float64 vector; not changed.</param>
    /// <param name="cancellation">Looked at before every evaluation.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal Minimum From(Tensor start, CancellationToken cancellation = default)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        List<(Tensor Step, Tensor Change, double Product)> pairs = [];
        var point = start.clone();
        var (value, gradient) = function(point);
        var iterations = 0;
        while (Largest(gradient) > tolerance && iterations < mostIterations)
        {
            if (Follow(point, value, gradient, Direction(gradient, pairs), pairs.Count > 0, cancellation) is not { } next)
                break;
            var (step, change) = (next.Point - point, next.Gradient - gradient);
            if (Dot(step, change) is var product and > 0)
                pairs.Add((step, change, product));
            if (pairs.Count > Pairs)
            {
                pairs[0].Step.Dispose();
                pairs[0].Change.Dispose();
                pairs.RemoveAt(0);
            }
            point.Dispose();
            gradient.Dispose();
            (point, value, gradient) = next;
            iterations++;
        }
        var slope = Largest(gradient);
        return new Minimum(point.MoveToOuterDisposeScope(), value, slope, iterations, slope <= tolerance);
    }

    /// <summary>The two-loop recursion.</summary>
    private Tensor Direction(Tensor gradient, List<(Tensor Step, Tensor Change, double Product)> pairs)
    {
        using var scope = NewDisposeScope();
        var direction = gradient.neg();
        var shares = new double[pairs.Count];
        for (var index = pairs.Count - 1; index >= 0; index--)
        {
            shares[index] = Dot(pairs[index].Step, direction) / pairs[index].Product;
            Add(direction, pairs[index].Change, -shares[index]);
        }
        direction.mul_(inverseCurvatures);
        if (pairs is [.., var last])
        {
            var change = last.Change * inverseCurvatures;
            using Scalar scale = last.Product / Dot(last.Change, change);
            direction.mul_(scale);
        }
        for (var index = 0; index < pairs.Count; index++)
            Add(direction, pairs[index].Step, shares[index] - (Dot(pairs[index].Change, direction) / pairs[index].Product));
        return direction.MoveToOuterDisposeScope();
    }

    /// <returns>A point that is lower enough and less steep; null where a double can tell none.</returns>
    private (Tensor Point, double Value, Tensor Gradient)? Follow(Tensor point, double value, Tensor gradient, Tensor direction, bool isScaled, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var slope = Dot(gradient, direction);
        // Along the bare gradient a step of 1 may be far too long: it begins with one of length 1.
        var (length, low, high) = (isScaled ? 1 : Math.Min(1, 1 / Math.Sqrt(Dot(direction, direction))), 0.0, double.PositiveInfinity);
        for (var trial = 0; trial < MostTrials; trial++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var attempt = NewDisposeScope();
            var there = point.clone();
            Add(there, direction, length);
            var (height, steepness) = function(there);
            if (!(height <= value + (Decrease * length * slope)))
                high = length;
            else if (Dot(steepness, direction) < Curvature * slope)
                low = length;
            else
            {
                // Out of both scopes.
                return (there.MoveToOuterDisposeScope().MoveToOuterDisposeScope(), height, steepness.MoveToOuterDisposeScope().MoveToOuterDisposeScope());
            }
            length = double.IsFinite(high) ? (low + high) / 2 : 2 * low;
        }
        return null;
    }

    private static void Add(Tensor to, Tensor what, double times)
    {
        using Scalar factor = times;
        to.add_(what, alpha: factor);
    }

    private static double Dot(Tensor one, Tensor other)
    {
        using var product = one.dot(other);
        return product.item<double>();
    }

    private static double Largest(Tensor gradient)
    {
        using var size = gradient.abs();
        using var largest = size.max();
        return largest.item<double>();
    }
}
