namespace FreezeBench.Results.Statistics;

/// <summary>All pairs of two sorted samples, in the order of what a pair gives, without making them all.</summary>
/// <remarks>Bisection over the bit patterns of doubles, each round counting the pairs at or below the middle in one walk: 64
/// walks of n + m steps find any pair exactly, where sorting 100,000 x 100,000 pairs would need 80 GB. It relies on
/// rounding being monotone: IEEE 754's correctly rounded sum and quotient are.</remarks>
internal sealed class OrderedPairs
{
    private readonly Func<double, long> countAtMost;
    private readonly double smallest;
    private readonly double largest;

    private OrderedPairs(long count, double smallest, double largest, Func<double, long> countAtMost)
    {
        Count = count;
        this.smallest = smallest;
        this.largest = largest;
        this.countAtMost = countAtMost;
    }

    /// <summary>Number of pairs.</summary>
    internal long Count { get; }

    /// <summary>The Walsh averages (a + b) / 2 of every sample with itself and with each later one.</summary>
    /// <param name="sorted">Ascending, 1 or more, finite.</param>
    internal static OrderedPairs WalshAverages(double[] sorted) => new(
        (long)sorted.Length * (sorted.Length + 1) / 2, sorted[0], sorted[^1], limit =>
        {
            var (count, last) = (0L, sorted.Length - 1);
            // As the first of the pair grows, the last partner that is small enough only moves down.
            for (var first = 0; first <= last; first++)
            {
                while (last >= first && (sorted[first] + sorted[last]) / 2 > limit)
                    last--;
                count += last - first + 1;
            }
            return count;
        });

    /// <summary>Every numerator divided by every denominator.</summary>
    /// <param name="numerators">Ascending, 1 or more, positive.</param>
    /// <param name="denominators">Ascending, 1 or more, positive.</param>
    internal static OrderedPairs Ratios(double[] numerators, double[] denominators) => new(
        (long)numerators.Length * denominators.Length, numerators[0] / denominators[^1], numerators[^1] / denominators[0], limit =>
        {
            var (count, first) = (0L, 0);
            // The larger the numerator, the larger the first denominator that brings it down to the limit.
            foreach (var numerator in numerators)
            {
                while (first < denominators.Length && numerator / denominators[first] > limit)
                    first++;
                count += denominators.Length - first;
            }
            return count;
        });

    /// <summary>The pair of the given rank, from 1 for the smallest to <see cref="Count"/>.</summary>
    internal double Smallest(long rank)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, Count);
        var (low, high) = (Position(smallest), Position(largest));
        while (low < high)
        {
            // Rounded down; low + high would overflow.
            var middle = (low >> 1) + (high >> 1) + (low & high & 1);
            if (countAtMost(Value(middle)) >= rank)
                high = middle;
            else
                low = middle + 1;
        }
        return Value(low);
    }

    /// <summary>The middle pair, or the mean of the two in the middle.</summary>
    internal double Median()
    {
        var (low, high) = (Smallest((Count + 1) / 2), Smallest(Count / 2 + 1));
        return low + (high - low) / 2;
    }

    /// <summary>Place of a double among all doubles: their bits are in order but for the negative ones, which run backwards.</summary>
    private static long Position(double value) => Mirrored(BitConverter.DoubleToInt64Bits(value));

    private static double Value(long position) => BitConverter.Int64BitsToDouble(Mirrored(position));

    private static long Mirrored(long bits) => bits >= 0 ? bits : long.MinValue - bits;
}
