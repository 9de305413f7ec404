namespace FreezeBench.Results.Reports;

/// <summary>The order of the policies in every table and plot.</summary>
public static class PolicyOrder
{
    /// <summary>The known policies: first the baseline, then from all frozen to nearly all trained, then what changes in mid-run.</summary>
    /// <remarks>Named here again because reports are made without the library that has the policies, which needs torch.</remarks>
    public static IReadOnlyList<string> Known { get; } =
    [
        "fine-tune", "frozen", "frozen-train-bn", "frozen-cached", "from-layer1", "from-layer2", "from-layer3", "from-layer4", "probe-then-tune",
    ];

    /// <summary>Sorted by policy: the known ones in their order, then others by name.</summary>
    internal static IOrderedEnumerable<T> InPolicyOrder<T>(this IEnumerable<T> items, Func<T, string> policy) =>
        items.OrderBy(item => Place(policy(item))).ThenBy(policy, StringComparer.Ordinal);

    private static int Place(string policy)
    {
        for (var place = 0; place < Known.Count; place++)
        {
            if (Known[place] == policy)
                return place;
        }
        return Known.Count;
    }
}
