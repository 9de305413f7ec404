namespace FreezeBench.Results.Statistics;

/// <summary>What no other beats in both of two quantities.</summary>
public static class ParetoLine
{
    /// <summary>The items than which no other is at once as cheap and better, or as good and cheaper; cheapest first. Of equals
    /// the first one given stays.</summary>
    /// <param name="items">In any order.</param>
    /// <param name="cost">The less the better.</param>
    /// <param name="gain">The more the better.</param>
    public static IReadOnlyList<T> Of<T>(IEnumerable<T> items, Func<T, double> cost, Func<T, double> gain)
    {
        List<T> best = [];
        foreach (var item in items.OrderBy(cost).ThenByDescending(gain))
        {
            if (best.Count == 0 || gain(item) > gain(best[^1]))
                best.Add(item);
        }
        return best;
    }
}
