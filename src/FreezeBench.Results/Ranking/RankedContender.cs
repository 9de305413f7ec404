using FreezeBench.Results.Comparison;

namespace FreezeBench.Results.Ranking;

/// <summary>One contender over all workloads.</summary>
/// <param name="Contender">Who.</param>
/// <param name="ToFirst">Geometric mean of its times divided by those of the first, with bounds; null for the first itself, and where the
/// two share no workload.</param>
/// <param name="Rank">From 1; those that cannot be told from the fastest of their rank share it. Null: it shares no workload with those
/// that have one, not even by way of others.</param>
public sealed record RankedContender(Contender Contender, OverallRatio? ToFirst, int? Rank);
