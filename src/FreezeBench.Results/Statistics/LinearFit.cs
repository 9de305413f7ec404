namespace FreezeBench.Results.Statistics;

/// <summary>The straight line that lies nearest to some points: y = intercept + slope * x.</summary>
/// <param name="Intercept">y at x = 0.</param>
/// <param name="Slope">y for each x more.</param>
/// <param name="RmsResidual">Root of the mean square of the points' distances from the line, in y.</param>
/// <param name="LargestRelativeResidual">Largest distance of a point from the line as a part of its y: 0 is on the line.</param>
public sealed record LinearFit(double Intercept, double Slope, double RmsResidual, double LargestRelativeResidual)
{
    /// <summary>Fits by ordinary least squares (Legendre, 1805): the sum of the squared distances in y is the smallest.</summary>
    /// <param name="points">Finite, y above 0; with two different x or more.</param>
    /// <exception cref="ArgumentException">All points have the same x, or a y is not above 0.</exception>
    public static LinearFit Of(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Select(point => point.X).Distinct().Count() < 2)
            throw new ArgumentException("A line needs points at two different x at least.", nameof(points));
        if (points.Any(point => !double.IsFinite(point.X) || !double.IsFinite(point.Y) || point.Y <= 0))
            throw new ArgumentException("Points are finite, and their y is above 0.", nameof(points));
        var (meanX, meanY) = (points.Average(point => point.X), points.Average(point => point.Y));
        // Around the means: the plain sums of squares lose digits where x is large.
        var slope = points.Sum(point => (point.X - meanX) * (point.Y - meanY)) / points.Sum(point => (point.X - meanX) * (point.X - meanX));
        var intercept = meanY - slope * meanX;
        var residuals = points.Select(point => point.Y - (intercept + slope * point.X)).ToList();
        return new LinearFit(
            intercept, slope, Math.Sqrt(residuals.Average(residual => residual * residual)),
            residuals.Zip(points).Max(pair => Math.Abs(pair.First) / pair.Second.Y));
    }
}
