namespace FreezeBench.Results.Rows;

/// <summary>Times of a training step on a GPU that say who bounds it: with one wait for the GPU a step, and with one in several steps.</summary>
/// <remarks>
/// Where the GPU is the slower, the host is ahead of it, and a step in a row of several takes what the GPU takes; where the host is, it takes what issuing takes. The
/// issue time is that of a single step after a wait: in a row the host has to stand still where the driver's queue is full, and would seem to be as slow as the GPU.
/// </remarks>
/// <param name="SingleMs">A step with a wait at its end.</param>
/// <param name="StepMs">A step of several in a row with one wait at the end of all; above 0.</param>
/// <param name="IssueMs">What the host takes to issue a single step, before the wait.</param>
public sealed record StepBound(double SingleMs, double StepMs, double IssueMs)
{
    /// <summary>The ratio from which the host bounds the step: nine tenths of it in issuing, and the GPU has next to no work in stock.</summary>
    public const double HostBound = 0.9;

    /// <summary>Issue time by the time of a step in a row.</summary>
    public double HostIssueRatio => IssueMs / StepMs;

    /// <summary>Who bounds the step.</summary>
    public BoundBy By => HostIssueRatio >= HostBound ? BoundBy.Host : BoundBy.Device;
}
