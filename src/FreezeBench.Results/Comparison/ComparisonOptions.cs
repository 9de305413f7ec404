using System.Globalization;

namespace FreezeBench.Results.Comparison;

/// <summary>When two times count as unlike.</summary>
public sealed record ComparisonOptions
{
    /// <summary>Relative change t that matters: 0.05 lets times between 1 / 1.05 and 1.05 count as equal. 0 or more, at most 10.</summary>
    public double Threshold { get; init; } = 0.05;

    /// <summary>Level of the bounds, 0.5 to 0.9999. High, since many cases are judged at once: at 95 % one in twenty would stray.</summary>
    public double Confidence { get; init; } = 0.99;

    /// <summary>Relative spread (standard deviation) of a case from process to process that is assumed where the runs themselves do
    /// not tell it; 0 assumes none. 0 to 1. See <see cref="LaunchSpread"/> for where 0.09 comes from.</summary>
    public double LaunchNoise { get; init; } = LaunchSpread.Default;

    /// <summary>Centres that differ by less, in ms, are equivalent: a timer's jitter is no regression. 0 or more.</summary>
    /// <remarks>It rules where the threshold's share of the case is smaller still (below 1 ms at 5 %); a longer case is judged by
    /// its interval alone. A phase of a step is timed by itself, and reading the clock and entering an operator cost tens of microseconds that
    /// come and go with the machine: between six runs of the same commit, phases below 0.1 ms moved by up to 0.025 ms.</remarks>
    public double NoiseFloorMs { get; init; } = 0.05;

    /// <summary>These options, if every one is valid.</summary>
    /// <exception cref="UserErrorException">One line per invalid option: name, value, valid range.</exception>
    public ComparisonOptions Validated()
    {
        List<string> errors = [];
        Check("--threshold", Threshold, 0, 10);
        Check("--confidence", Confidence, 0.5, 0.9999);
        Check("--launch-noise", LaunchNoise, 0, 1);
        Check("--noise-floor", NoiseFloorMs, 0, 1e9);
        return errors is [] ? this : throw new UserErrorException(string.Join('\n', errors));

        void Check(string name, double value, double least, double most)
        {
            // Written so that NaN, which compares false with everything, is refused too.
            if (!(value >= least && value <= most))
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it must be from {least} to {most}."));
        }
    }
}
