namespace FreezeBench.Results.Statistics;

/// <summary>Judges the scatter of a case.</summary>
public static class Noise
{
    /// <summary>IQR / median above which a case is noisy; the first warning level of torch.utils.benchmark.</summary>
    public const double NoisyAbove = 0.10;

    /// <summary>IQR / median above which a case is very noisy; the second warning level of torch.utils.benchmark.</summary>
    public const double VeryNoisyAbove = 0.25;

    /// <summary>Samples below which no verdict is given.</summary>
    public const int FewestSamples = 4;

    /// <summary>The verdict on one case.</summary>
    public static NoiseVerdict Of(SampleSummary summary)
    {
        if (summary.Count < FewestSamples || summary.Median <= 0)
            return NoiseVerdict.Unknown;
        return (summary.InterquartileRange / summary.Median) switch
        {
            > VeryNoisyAbove => NoiseVerdict.VeryNoisy,
            > NoisyAbove => NoiseVerdict.Noisy,
            _ => NoiseVerdict.Quiet,
        };
    }
}
