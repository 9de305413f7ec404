namespace FreezeBench.Results.Tests;

/// <summary>Random numbers that are the same on every system and in every version of .NET.</summary>
/// <remarks>Random with a seed promises no sequence across versions; SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, "Fast
/// Splittable Pseudorandom Number Generators", OOPSLA 2014) is eight lines and passes the usual batteries.</remarks>
internal sealed class Simulated(int seed)
{
    private ulong state = unchecked((ulong)(seed + 1) * 0xD1342543DE82EF95);

    internal static IEnumerable<double> Normal(int seed, int count)
    {
        var source = new Simulated(seed);
        return Enumerable.Range(0, count).Select(_ => source.NextNormal());
    }

    internal static IEnumerable<double> LogNormal(int seed, int count) => Normal(seed, count).Select(Math.Exp);

    /// <summary>Uniform in 0..1, both excluded.</summary>
    internal double Next() => ((Bits() >> 11) + 0.5) / (1UL << 53);

    /// <summary>Standard normal, by Box and Muller.</summary>
    internal double NextNormal() => Math.Sqrt(-2 * Math.Log(Next())) * Math.Cos(2 * Math.PI * Next());

    private ulong Bits()
    {
        unchecked
        {
            var bits = state += 0x9E3779B97F4A7C15;
            bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            return bits ^ (bits >> 31);
        }
    }
}
