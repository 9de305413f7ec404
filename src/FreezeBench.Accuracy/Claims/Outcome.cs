using FreezeBench.Results.Rows;

namespace FreezeBench.Accuracy.Claims;

/// <summary>Test accuracy of one policy on one number of classes, over its seeds.</summary>
/// <param name="Mean">Mean over the seeds, as a fraction.</param>
/// <param name="StandardError">
/// Of the mean, from the size of the test set alone: sqrt(p (1 - p) / images), the binomial's. Seeds share their test set, so more of
/// them do not lower it.
/// </param>
/// <param name="Seeds">How many.</param>
/// <param name="Epoch">After which epoch.</param>
public sealed record Outcome(double Mean, double StandardError, int Seeds, int Epoch)
{
    /// <summary>The outcome of rows of the same epoch, one for each seed; null where there are none.</summary>
    public static Outcome? Of(IReadOnlyList<AccuracyRow> rows)
    {
        if (rows is [])
            return null;
        var mean = rows.Average(row => row.TestAccuracyFraction);
        return new Outcome(mean, Math.Sqrt(mean * (1 - mean) / rows[0].TestTotal), rows.Count, rows[0].Epoch);
    }

    /// <summary>Standard error of the difference of two outcomes, taken as independent.</summary>
    public double ErrorWith(Outcome other) => Math.Sqrt((StandardError * StandardError) + (other.StandardError * other.StandardError));
}
