using FreezeBench.Results.Rows;

namespace FreezeBench.Tool.Listing;

/// <summary>What one invocation left in an environment's folder.</summary>
internal sealed class ListedRun(string runId)
{
    private DateTimeOffset first = DateTimeOffset.MaxValue;
    private DateTimeOffset last = DateTimeOffset.MinValue;

    internal string RunId => runId;

    internal int Benchmarks { get; private set; }

    internal int Samples { get; private set; }

    internal int Epochs { get; private set; }

    internal int RunEnds { get; private set; }

    /// <summary>Rounds of ML.NET.</summary>
    internal int Rounds { get; private set; }

    /// <summary>Whether a person marked the run's times as disturbed.</summary>
    internal bool TimesDisturbed { get; private set; }

    /// <summary>Times of the first and the last row; null where only samples are there, which have no time.</summary>
    internal (DateTimeOffset First, DateTimeOffset Last)? Times => first <= last ? (first, last) : null;

    internal SortedSet<string> Commits { get; } = new(StringComparer.Ordinal);

    internal SortedSet<string> Suites { get; } = new(StringComparer.Ordinal);

    internal SortedSet<string> Policies { get; } = new(StringComparer.Ordinal);

    internal SortedSet<string> Datasets { get; } = new(StringComparer.Ordinal);

    internal SortedSet<int> Seeds { get; } = [];

    internal void Add(IResultRow row)
    {
        Benchmarks += row is BenchmarkRow ? 1 : 0;
        Samples += row is SampleRow ? 1 : 0;
        Epochs += row is AccuracyRow ? 1 : 0;
        RunEnds += row is RunRow ? 1 : 0;
        Rounds += row is MlNetRow ? 1 : 0;
        TimesDisturbed |= row is RemarkRow { Remark: RemarkRow.TimesDisturbed };
        if (row is NamedCase measured)
        {
            Suites.Add(measured.Suite);
            Policies.Add(measured.Policy);
            Datasets.Add(measured.Dataset);
        }
        if (row is LearntRow learnt)
            Seeds.Add(learnt.Seed);
        if (row is not IMeasuredRow timed)
            return;
        first = timed.UtcTime < first ? timed.UtcTime : first;
        last = timed.UtcTime > last ? timed.UtcTime : last;
        Commits.Add(timed.Commit);
        Policies.Add(timed.Policy);
        Datasets.Add(timed.Dataset);
        TimesDisturbed |= timed.IsDisturbed();
    }
}
