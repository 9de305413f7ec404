using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Comparison;

/// <summary>The runs that stand for a contender in one workload.</summary>
/// <param name="Side">Their times.</param>
/// <param name="Runs">Their rows: of one commit, one software and one way of doing it (threads, memory format, autotuning).</param>
public sealed record ChosenRuns(CaseSide Side, IReadOnlyList<MeasuredCase> Runs)
{
    /// <summary>The code that measured.</summary>
    public string Commit => Runs[0].Row.Commit;

    /// <summary>When the first of them ran.</summary>
    public DateTimeOffset UtcTime => Runs.Min(run => run.Row.UtcTime);

    /// <summary>How the machine did it, and what it computed.</summary>
    public CaseSettings Settings => CaseSettings.Comparable(Runs[0].Row);
}
