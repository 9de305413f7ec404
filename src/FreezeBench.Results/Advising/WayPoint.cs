using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Advising;

/// <summary>A way of training after one of its epochs.</summary>
internal sealed record WayPoint
{
    /// <summary>Fractions that differ by less are equal: hundredths are no round numbers in binary.</summary>
    internal const double Equal = 1e-9;

    /// <summary>Losses of one network by two ways of computing (frozen, and a head on its features) differ by 1e-7 or so, those of two networks by far more.</summary>
    private const double SameNetworkLoss = 1e-5;

    internal required Way Way { get; init; }

    internal required int Epoch { get; init; }

    /// <summary>A row a seed, seeds ascending.</summary>
    internal required IReadOnlyList<AccuracyRow> Rows { get; init; }

    /// <summary>Training time up to here in s by seed, of the seeds whose times count.</summary>
    internal required IReadOnlyDictionary<int, double> TimesS { get; init; }

    internal required bool Disturbed { get; init; }

    /// <summary>Mean test accuracy, 0..1.</summary>
    internal double Accuracy => Rows.Average(row => row.TestAccuracyFraction);

    /// <summary>Mean training time in s.</summary>
    internal double TrainTimeS => TimesS.Values.Average();

    /// <summary>Accuracy minus that of another, with bounds at 95 %.</summary>
    /// <remarks>
    /// Seeds share initial head, order and augmentation, so where both have them the differences of each count (Student's t of the pairs). Without two
    /// common seeds it is Welch's t, and with one seed on a side, or where the seeds agree to the last image and so tell no scatter, the test images' own: two
    /// independent proportions. Two ways to one network differ by nothing, which takes no bounds.
    /// </remarks>
    internal BoundedEstimate Minus(WayPoint other)
    {
        if (ReferenceEquals(this, other))
            return new BoundedEstimate(0, 0, 0, 0.95);
        var pairs = Rows.Join(other.Rows, row => row.Seed, row => row.Seed, (ours, theirs) => (Ours: ours, Theirs: theirs)).ToList();
        if (pairs.Count == Rows.Count && pairs.Count == other.Rows.Count && pairs.All(pair => AreOneNetwork(pair.Ours, pair.Theirs)))
            return new BoundedEstimate(0, 0, 0, 0.95);
        var differences = pairs.ConvertAll(pair => pair.Ours.TestAccuracyFraction - pair.Theirs.TestAccuracyFraction);
        if (differences.Count >= 2 && differences.Max() - differences.Min() > Equal)
            return Mean.Of(differences);
        List<double> ours = [.. Rows.Select(row => row.TestAccuracyFraction)], theirs = [.. other.Rows.Select(row => row.TestAccuracyFraction)];
        if (differences.Count < 2 && ours.Count >= 2 && theirs.Count >= 2 && Math.Max(ours.Max() - ours.Min(), theirs.Max() - theirs.Min()) > Equal)
            return Mean.Difference(ours, theirs);
        return Proportion.Difference(Share(Accuracy), Rows[0].TestTotal, Share(other.Accuracy), other.Rows[0].TestTotal);
    }

    /// <summary>Whether another certainly takes longer: its time was not disturbed, and is longer beyond what runs of one kind scatter.</summary>
    /// <remarks>What other programs do only makes times longer, so that a disturbed one is an upper bound: enough for the quicker side.</remarks>
    /// <param name="other">The slower side.</param>
    /// <param name="launchNoise">Relative spread from run to run where no two common seeds tell it.</param>
    internal bool IsQuickerThan(WayPoint other, double launchNoise)
    {
        if (other.Disturbed || other.Way.WithoutExtraction || Way.WithoutExtraction || TrainTimeS >= other.TrainTimeS)
            return false;
        if (Disturbed)
            return true;
        var gaps = other.TimesS.Join(TimesS, time => time.Key, time => time.Key, (theirs, ours) => theirs.Value - ours.Value).ToList();
        return gaps.Count >= 2 ? Mean.Of(gaps).Lower > 0 : other.TrainTimeS > (1 + launchNoise) * TrainTimeS;
    }

    /// <param name="best">Of its group.</param>
    /// <param name="within">Distance that is near enough, 0..1.</param>
    internal AdvisedPoint Told(WayPoint best, double within)
    {
        var behind = best.Minus(this);
        return new AdvisedPoint
        {
            Name = Way.Name,
            Policy = Way.First.Policy,
            Kernels = Way.First.Kernels,
            Recipe = Way.Recipe,
            Epoch = Epoch,
            Seeds = [.. Rows.Select(row => row.Seed)],
            Accuracy = AccuracyGroups.Accuracy([.. Rows]),
            TrainTimeS = TrainTimeS,
            Disturbed = Disturbed,
            WithoutExtraction = Way.WithoutExtraction,
            BehindBest = behind,
            Reach = ReachOf(behind, within),
        };
    }

    /// <summary>What bounds say of a distance that is near enough.</summary>
    internal static Reach ReachOf(BoundedEstimate behind, double within) => behind.Upper <= within + Equal ? Reach.Within : behind.Lower > within + Equal ? Reach.Beyond : Reach.Undecided;

    private static bool AreOneNetwork(AccuracyRow ours, AccuracyRow theirs) => ours.TestCorrect == theirs.TestCorrect && ours.TestTotal == theirs.TestTotal && Math.Abs(ours.TestLoss - theirs.TestLoss) <= SameNetworkLoss * Math.Abs(theirs.TestLoss);

    // A mean of fractions may leave 1 by a rounding error.
    private static double Share(double accuracy) => Math.Clamp(accuracy, 0, 1);
}
