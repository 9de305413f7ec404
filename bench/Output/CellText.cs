using System.Globalization;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Benchmarks.Output;

/// <summary>Numbers as people read them: rounding happens here and nowhere before.</summary>
public static class CellText
{
    /// <summary>The median in ms with three or so digits, and its marks.</summary>
    public static string Ms(BenchmarkRow row) =>
        Number(row.MedianMs, row.MedianMs >= 100 ? "0" : row.MedianMs >= 1 ? "0.0" : "0.000") + Mark(row);

    /// <summary>~ for noisy, ! for very noisy, then ^ for throttled and * for disturbed by other programs; mostly nothing.</summary>
    public static string Mark(BenchmarkRow row) =>
        row.NoiseVerdict switch { NoiseVerdict.Noisy => "~", NoiseVerdict.VeryNoisy => "!", _ => "" } + (row.WereClocksHeldDown() ? "^" : "") + (row.IsDisturbed() ? "*" : "");

    /// <summary>How many times as fast: two decimals, none from 100 on.</summary>
    public static string Ratio(double ratio) => Number(ratio, ratio >= 100 ? "0" : "0.00") + "x";

    /// <summary>A number in the invariant culture.</summary>
    public static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
