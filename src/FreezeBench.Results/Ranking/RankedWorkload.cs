using FreezeBench.Results.Comparison;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Ranking;

/// <summary>One workload on all contenders that have it.</summary>
/// <param name="Settings">What it computes.</param>
/// <param name="Times">The fastest first; one or more.</param>
public sealed record RankedWorkload(CaseSettings Settings, IReadOnlyList<RankedTime> Times);

/// <summary>One contender in one workload.</summary>
/// <param name="Contender">Whose time it is.</param>
/// <param name="Runs">The runs that stand for it.</param>
/// <param name="ToFirst">Its time divided by that of the fastest, with bounds; null for the fastest itself and where a time is 0.</param>
/// <param name="Rank">From 1; those that cannot be told from the fastest of their rank share it.</param>
public sealed record RankedTime(Contender Contender, ChosenRuns Runs, BoundedEstimate? ToFirst, int Rank);
