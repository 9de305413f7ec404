using FreezeBench.Results.Rows;

namespace FreezeBench.Features;

/// <summary>Where features came from.</summary>
public enum FeatureOrigin
{
    /// <summary>From the frozen backbone, just now.</summary>
    Extracted,

    /// <summary>From a file that an earlier extraction left.</summary>
    Disk,
}

/// <summary>The names of origins in CSV files.</summary>
public static class FeatureOrigins
{
    /// <summary>The name in accuracy.csv: <c>extracted</c>, <c>disk</c>; <c>none</c> where no features were fetched.</summary>
    public static string Name(this FeatureOrigin? origin) => origin switch
    {
        null => "none",
        FeatureOrigin.Extracted => "extracted",
        FeatureOrigin.Disk => AccuracyRow.FeaturesFromDisk,
        _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, "No such origin."),
    };
}
