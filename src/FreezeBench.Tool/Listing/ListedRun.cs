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

    internal void Add(BenchmarkRow row)
    {
        Benchmarks++;
        Suites.Add(row.Suite);
        Measured(row);
    }

    internal void Add(SampleRow row)
    {
        Samples++;
        Suites.Add(row.Suite);
        Policies.Add(row.Policy);
        Datasets.Add(row.Dataset);
        TimesDisturbed |= row.IsDisturbed();
    }

    internal void Add(AccuracyRow row)
    {
        Epochs++;
        Seeds.Add(row.Seed);
        Measured(row);
    }

    internal void Add(RunRow row)
    {
        RunEnds++;
        Seeds.Add(row.Seed);
        Measured(row);
    }

    internal void Add(MlNetRow row)
    {
        Rounds++;
        Seeds.Add(row.Seed);
        Measured(row);
    }

    internal void Add(RemarkRow row) => TimesDisturbed |= row.Remark == RemarkRow.TimesDisturbed;

    private void Measured(IMeasuredRow row)
    {
        first = row.UtcTime < first ? row.UtcTime : first;
        last = row.UtcTime > last ? row.UtcTime : last;
        Commits.Add(row.Commit);
        Policies.Add(row.Policy);
        Datasets.Add(row.Dataset);
        TimesDisturbed |= row.IsDisturbed();
    }
}
