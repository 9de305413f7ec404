using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Ranking;

/// <summary>Ranks of a row that is sorted, where neighbours may be too close to tell.</summary>
internal static class Ranks
{
    /// <summary>The rank of each, from 1: a rank's first, and all after it whose bounds to it reach down to 1 or that have none.</summary>
    /// <param name="sorted">The fastest first.</param>
    /// <param name="ratio">Time of the second divided by that of the first; null where they have nothing in common, which is no tie.</param>
    internal static IReadOnlyList<int> Of<T>(IReadOnlyList<T> sorted, Func<T, T, BoundedEstimate?> ratio)
    {
        List<int> ranks = [];
        var leader = 0;
        for (var place = 0; place < sorted.Count; place++)
        {
            if (place > leader && ratio(sorted[leader], sorted[place]) is null or { Lower: > 1 })
                leader = place;
            ranks.Add(leader + 1);
        }
        return ranks;
    }
}
