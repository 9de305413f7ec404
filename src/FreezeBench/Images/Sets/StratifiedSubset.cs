using static TorchSharp.torch;

namespace FreezeBench.Images.Sets;

/// <summary>A smaller set with the same mix of classes.</summary>
public static class StratifiedSubset
{
    /// <summary>Draws images class by class, so that a small set has every class in its share.</summary>
    /// <typeparam name="TSet">The kind of set; a subset is of the same.</typeparam>
    /// <param name="data">The whole set; not changed, not disposed.</param>
    /// <param name="limit">Images wanted, 1 or more.</param>
    /// <param name="seed">Same seed, same images.</param>
    /// <returns>A set of the caller's with <paramref name="limit"/> images, or all of them where there are no more.</returns>
    public static TSet Take<TSet>(TSet data, int limit, int seed)
        where TSet : ImageSet
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        // A set's subset is of the set's own kind.
        return (TSet)data.Select(Choose(data.Labels, Math.Min(limit, data.Count), seed));
    }

    private static long[] Choose(Tensor labels, int count, int seed)
    {
        var byClass = ClassDraw.OfTensor(labels, seed).OrderBy(group => group.Key).Select(group => group.ToArray()).ToList();
        var quotas = Quotas([.. byClass.Select(group => group.Length)], count);
        // Sorted: the order of training is the shuffle's matter, not the subset's.
        return [.. byClass.Zip(quotas).SelectMany(pair => pair.First.Take(pair.Second)).Order()];
    }

    /// <summary>Largest-remainder shares (Hamilton's method): they add up to the count and differ from exact shares by less than 1.</summary>
    /// <param name="sizes">Images of each class.</param>
    /// <param name="count">Images wanted, at most the sum of the sizes.</param>
    internal static int[] Quotas(IReadOnlyList<int> sizes, int count)
    {
        var total = sizes.Sum(size => (long)size);
        var quotas = sizes.Select(size => (int)((long)size * count / total)).ToArray();
        var missing = count - quotas.Sum();
        foreach (var index in Enumerable.Range(0, sizes.Count).OrderByDescending(i => (long)sizes[i] * count % total).ThenBy(i => i).Take(missing))
            quotas[index]++;
        return quotas;
    }
}
