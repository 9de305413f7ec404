namespace FreezeBench.Results.Statistics;

/// <summary>How far a case's samples scatter, told beside every number so that nobody reads a noisy one as exact.</summary>
public enum NoiseVerdict
{
    /// <summary>Fewer than four samples (quartiles of three would be interpolated from the extremes alone), or a median
    /// of zero or less, to which no spread can be related.</summary>
    Unknown,

    /// <summary>IQR / median is at most 10 %.</summary>
    Quiet,

    /// <summary>IQR / median is above 10 %: repeat before drawing a conclusion.</summary>
    Noisy,

    /// <summary>IQR / median is above 25 %: the number is not usable.</summary>
    VeryNoisy,
}
