using System.Collections.Concurrent;

namespace FreezeBench.Results.Statistics;

/// <summary>Null distributions of the two rank statistics, for bounds made of ordered pairs.</summary>
/// <remarks>
/// The depth c of bounds is the largest with P(statistic &lt;= c - 1) &lt;= (1 - confidence) / 2; the bounds are then the c-th
/// smallest and the c-th largest pair: M. Hollander and D. A. Wolfe, Nonparametric Statistical Methods, sections 3.3 (signed
/// rank, Walsh averages) and 4.3 (Mann-Whitney, differences). Above the exact sizes the normal distribution with continuity
/// correction stands in. It errs on the side of wide bounds, since both statistics have lighter tails than it.
/// </remarks>
internal static class RankDistribution
{
    /// <summary>Largest sample whose signed-rank distribution is computed exactly: 100 additions of 5,050 numbers.</summary>
    internal const int LargestExactSignedRank = 100;

    /// <summary>Most pairs for which the Mann-Whitney distribution is computed exactly (50 against 50): some 6 million additions.</summary>
    internal const int MostExactPairs = 2500;

    /// <summary>A tail that equals its limit, as 1/40 does 0.025, must not miss it by a rounding error.</summary>
    private const double Tolerance = 1 + 1e-12;

    // A report asks for the same few sizes a hundred thousand times; a second size of 0 stands for the signed-rank statistic.
    private static readonly ConcurrentDictionary<(int First, int Second, double Confidence), long> depths = new();

    /// <summary>Depth of the bounds among the n (n + 1) / 2 Walsh averages of n samples; 0 where n is too small.</summary>
    internal static long SignedRankDepth(int count, double confidence)
    {
        if (count <= LargestExactSignedRank)
            return depths.GetOrAdd((count, 0, confidence), key => Depth(SignedRank(key.First), key.Confidence));
        var pairs = count * (count + 1.0) / 2;
        return NormalDepth(pairs / 2, Math.Sqrt(pairs * (2.0 * count + 1) / 12), confidence);
    }

    /// <summary>Depth of the bounds among the n m pairs of two samples; 0 where they are too small.</summary>
    internal static long MannWhitneyDepth(int first, int second, double confidence)
    {
        var pairs = (double)first * second;
        return pairs <= MostExactPairs
            ? depths.GetOrAdd((first, second, confidence), key => Depth(MannWhitney(key.First, key.Second), key.Confidence))
            : NormalDepth(pairs / 2, Math.Sqrt(pairs * ((double)first + second + 1) / 12), confidence);
    }

    /// <summary>P(W = w) for the sum W of those ranks of 1..n that a fair coin picks.</summary>
    internal static double[] SignedRank(int count)
    {
        var probabilities = new double[count * (count + 1) / 2 + 1];
        probabilities[0] = 1;
        for (var (rank, most) = (1, 0); rank <= count; most += rank, rank++)
        {
            // Downwards, so that a rank is added once.
            for (var sum = most + rank; sum >= 0; sum--)
                probabilities[sum] = (probabilities[sum] + (sum >= rank ? probabilities[sum - rank] : 0)) / 2;
        }
        return probabilities;
    }

    /// <summary>P(U = u) for the number U of pairs in which the first sample's value is the larger.</summary>
    /// <remarks>The largest of all values belongs to the first sample with probability n / (n + m), and then beats all m; else it
    /// does nothing. Probabilities instead of counts, and nothing is subtracted: no overflow, no cancellation.</remarks>
    internal static double[] MannWhitney(int first, int second)
    {
        // U is symmetric in the two sizes; the smaller one inside keeps the table small.
        var (outer, inner) = (Math.Max(first, second), Math.Min(first, second));
        var table = new double[inner + 1][];
        for (var m = 0; m <= inner; m++)
            table[m] = [1.0];
        for (var n = 1; n <= outer; n++)
        {
            for (var m = 1; m <= inner; m++)
            {
                var (fewer, share) = (table[m], (double)n / (n + m));
                var next = new double[n * m + 1];
                for (var u = 0; u < fewer.Length; u++)
                    next[u + m] = share * fewer[u];
                for (var u = 0; u < table[m - 1].Length; u++)
                    next[u] += (1 - share) * table[m - 1][u];
                table[m] = next;
            }
        }
        return table[inner];
    }

    private static long Depth(double[] probabilities, double confidence)
    {
        var limit = (1 - confidence) / 2 * Tolerance;
        var (depth, tail) = (0, 0.0);
        while (depth < probabilities.Length && (tail += probabilities[depth]) <= limit)
            depth++;
        return depth;
    }

    private static long NormalDepth(double mean, double deviation, double confidence)
    {
        // Student's t of 100,000 degrees of freedom is the normal distribution but for 1e-4.
        var quantile = StudentT.Quantile(1 - (1 - confidence) / 2, 100_000);
        return Math.Max(0, (long)Math.Floor(mean + 0.5 - quantile * deviation));
    }
}
