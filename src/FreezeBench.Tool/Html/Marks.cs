using FreezeBench.Results.Machine;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Tool.Html;

/// <summary>Signs in front of numbers that a reader must not take at face value.</summary>
internal static class Marks
{
    private static readonly (char Sign, string Meaning, Func<Origin, bool> Holds)[] all =
    [
        ('‡', "times disturbed by other work on the machine: no conclusion", origin => origin.Disturbed),
        ('!', "very noisy: the samples' IQR is above 25 % of their median", origin => origin.Noise == NoiseVerdict.VeryNoisy),
        ('~', "noisy: the samples' IQR is above 10 % of their median", origin => origin.Noise == NoiseVerdict.Noisy),
        ('†', "throttled: heat or power held the device's clocks down, or a GPU ended below 90 % of the clock that it began with", origin => origin.Throttled),
        ('*', "measured by code that differed from its commit, or nobody knows", origin => origin.Dirty),
    ];

    /// <summary>The signs of a number; mostly none.</summary>
    internal static string Of(Origin origin) => string.Concat(all.Where(mark => mark.Holds(origin)).Select(mark => mark.Sign));

    internal static IEnumerable<(char Sign, string Meaning)> Meanings(IEnumerable<char> signs) =>
        all.Where(mark => signs.Contains(mark.Sign)).Select(mark => (mark.Sign, mark.Meaning));

    /// <summary>Who told energies, in words; nothing where nobody did.</summary>
    internal static string EnergySources(IEnumerable<string?> sources) => string.Join(", ", sources.OfType<string>().Distinct().Select(source => source switch
    {
        EnergyMeter.Nvml => "nvml: the whole GPU",
        EnergyMeter.NvmlPower => "nvml-power: the whole GPU, summed from its power",
        EnergyMeter.Rapl => "rapl: the CPU packages",
        _ => source,
    }));

    /// <summary>The verdict on the scatter in words; nothing where there is none.</summary>
    internal static string Words(NoiseVerdict noise) => noise switch
    {
        NoiseVerdict.Quiet => "quiet",
        NoiseVerdict.Noisy => "noisy",
        NoiseVerdict.VeryNoisy => "very noisy",
        _ => "scatter unknown",
    };
}
