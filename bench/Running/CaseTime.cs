namespace FreezeBench.Benchmarks.Running;

/// <summary>How long a case took.</summary>
/// <param name="Whole">From the start of its process to its end; of both where it was measured again.</param>
/// <param name="Samples">Its measured iterations; none: it failed.</param>
public sealed record CaseTime(TimeSpan Whole, IReadOnlyList<Sample> Samples)
{
    /// <summary>The most that the case takes where an operation computes more.</summary>
    /// <param name="work">How many times as much, 1 or more.</param>
    /// <remarks>
    /// The most, since a GPU that small images leave idle takes less than as many times as long. An iteration has as many operations as
    /// fill its time, one at least; what comes before the measured ones counts as one more.
    /// </remarks>
    public TimeSpan With(double work)
    {
        List<double> more = [.. Samples.Select(sample => Math.Max(0, sample.MsPerOperation * (work - sample.Operations)))];
        return more is [] ? Whole : Whole + TimeSpan.FromMilliseconds(more.Sum() + more.Average());
    }
}
