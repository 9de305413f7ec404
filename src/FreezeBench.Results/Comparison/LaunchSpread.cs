using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Comparison;

/// <summary>How far the same code scatters from process to process, which the samples of one process do not show.</summary>
/// <remarks>
/// The layout of memory, the placing of threads and the neighbours on a shared machine are drawn anew with each launch, and stay for
/// its life. The sample of a case is therefore its runs: the spread of their centres' logarithms is pooled from both sides. Three
/// runs tell a spread poorly, so it is blended with a prior as G. K. Smyth does for genes measured a few times each ("Linear
/// Models and Empirical Bayes Methods for Assessing Differential Expression", Statistical Applications in Genetics and Molecular
/// Biology 3 (2004), article 3, section 3): s² = (d0 s0² + sum of squares) / (d0 + d), and Student's t has d0 + d
/// degrees of freedom. The prior s0 is the pooled spread of all cases of the same environment where their runs give
/// <see cref="FewestPooled"/> degrees of freedom, else the launch noise of the options.
/// <para>d0 = 4 and the default noise come from six runs of one commit on a shared virtual machine of two cores (step suite, 20 cases
/// of 0.05 ms and more; their samples are in the test project): by Smyth's moments d0 = 4.2 and s0 = 0.087.</para>
/// </remarks>
public sealed record LaunchSpread
{
    /// <summary>Launch noise where nobody says another: 9 %, rounded up from the measured 8.7 %.</summary>
    public const double Default = 0.09;

    /// <summary>Degrees of freedom that the prior counts as, rounded down from the measured 4.2.</summary>
    public const int PriorFreedom = 4;

    /// <summary>Degrees of freedom from which the runs at hand replace the assumed noise: three cases of three runs a side. Phases of
    /// one process move together, so fewer cases would be one observation told several times.</summary>
    public const int FewestPooled = 12;

    /// <summary>Standard deviation of the logarithm: 0.09 is 9 %.</summary>
    public required double Prior { get; init; }

    /// <summary>Whether the prior comes from the runs compared rather than from the options.</summary>
    public required bool Measured { get; init; }

    /// <summary>The prior of one environment's cases.</summary>
    /// <param name="cases">For each case the centres of its runs in ms, positive, on both sides; those below the noise floor are not
    /// counted, because there the timer scatters and not the launch.</param>
    /// <param name="options">Noise floor, and the launch noise where the runs do not tell.</param>
    public static LaunchSpread Of(IEnumerable<(IReadOnlyList<double> Base, IReadOnlyList<double> Diff)> cases, ComparisonOptions options)
    {
        var (squares, freedom) = (0.0, 0);
        foreach (var (first, second) in cases.Where(sides => sides.Base.Concat(sides.Diff).Min() >= options.NoiseFloorMs))
        {
            squares += Squares(first) + Squares(second);
            freedom += Math.Max(0, first.Count - 1) + Math.Max(0, second.Count - 1);
        }
        return freedom >= FewestPooled
            ? new LaunchSpread { Prior = Math.Sqrt(squares / freedom), Measured = true }
            : new LaunchSpread { Prior = options.LaunchNoise, Measured = false };
    }

    /// <summary>The prior of one machine's cases.</summary>
    /// <param name="cases">For each case the centres of its runs in ms; those that are not above the noise floor are not counted.</param>
    /// <param name="options">As above.</param>
    internal static LaunchSpread OfRuns(IEnumerable<IReadOnlyList<double>> cases, ComparisonOptions options) =>
        Of(cases.Where(runs => runs.Min() > 0).Select(runs => (runs, (IReadOnlyList<double>)[])), options);

    /// <summary>The prior of one machine by the sides that stand for it; disturbed ones tell nothing of it.</summary>
    internal static LaunchSpread OfSides(IEnumerable<CaseSide> sides, ComparisonOptions options) => OfRuns(sides.Where(side => !side.Disturbed).Select(side => side.RunCentresMs), options);

    /// <summary>How well the mean of a side's logarithms is known: its own scatter, blended with the prior.</summary>
    /// <param name="centres">Centres of its runs in ms, positive, 1 or more.</param>
    internal Uncertainty OfMean(IReadOnlyList<double> centres)
    {
        var (own, prior) = (centres.Count - 1, Measured || Prior > 0 ? PriorFreedom : 0);
        return own + prior == 0 ? default : new Uncertainty((prior * Prior * Prior + Squares(centres)) / (prior + own) / centres.Count, prior + own);
    }

    /// <summary>Half of the interval of the logarithm of a ratio of two sides' centres; 0 where no spread is known or assumed.</summary>
    /// <param name="first">Centres of one side's runs in ms, positive, 1 or more.</param>
    /// <param name="second">Those of the other side.</param>
    /// <param name="confidence">Level of the interval, 0..1.</param>
    public double HalfWidth(IReadOnlyList<double> first, IReadOnlyList<double> second, double confidence)
    {
        var own = first.Count + second.Count - 2;
        // A launch noise of 0 means that none is assumed, not that four runs were seen to agree.
        var prior = Measured || Prior > 0 ? PriorFreedom : 0;
        if (own + prior == 0)
            return 0;
        var variance = (prior * Prior * Prior + Squares(first) + Squares(second)) / (prior + own);
        return StudentT.Quantile(1 - (1 - confidence) / 2, prior + own) * Math.Sqrt(variance * (1.0 / first.Count + 1.0 / second.Count));
    }

    /// <summary>Sum of the squared deviations of the logarithms from their mean.</summary>
    private static double Squares(IReadOnlyList<double> centres)
    {
        if (centres.Count == 0)
            return 0;
        var mean = centres.Average(Math.Log);
        return centres.Sum(centre => (Math.Log(centre) - mean) * (Math.Log(centre) - mean));
    }
}
