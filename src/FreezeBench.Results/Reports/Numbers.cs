using System.Globalization;

namespace FreezeBench.Results.Reports;

/// <summary>Numbers as people read them, the same in every writer. Rounding happens here and nowhere before.</summary>
/// <remarks>The invariant culture throughout: a report must not depend on the machine that rebuilds it. No thousands
/// separators, which in half of the world are decimal points. Digits before the decimal point are never rounded away.</remarks>
public static class Numbers
{
    /// <summary>Stands for what was not measured.</summary>
    public const string Missing = Tables.MarkdownWriter.Missing;

    /// <summary>From here on, and below its counterpart, a number is written with an exponent.</summary>
    private const double Large = 1e9;

    private const double Small = 1e-6;

    /// <summary><paramref name="digits"/> significant digits: 0.181, 7.79, 35.9, 268, 2086; 1.00e21 where plain digits
    /// would not be read.</summary>
    public static string Significant(double value, int digits = 3) => Fixed(value, Decimals(value, digits));

    /// <summary>Decimals that show <paramref name="digits"/> significant digits of <paramref name="value"/> after rounding
    /// (9.996 becomes 10.0, not 10.00); at least 0.</summary>
    /// <remarks>For bounds, which take the decimals of the number that they belong to.</remarks>
    public static int Decimals(double value, int digits = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, 1);
        if (value == 0 || !double.IsFinite(value))
            return 0;
        var text = value.ToString(Format(digits - 1) + "E0", CultureInfo.InvariantCulture);
        var exponent = int.Parse(text.AsSpan(text.IndexOf('E') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return Math.Clamp(digits - 1 - exponent, 0, 15);
    }

    /// <summary>A number with so many decimals, and never a negative zero.</summary>
    public static string Fixed(double value, int decimals)
    {
        if (!double.IsFinite(value))
            return value.ToString(CultureInfo.InvariantCulture);
        if (value != 0 && Math.Abs(value) is >= Large or < Small and > 0)
            return value.ToString("0.00e0", CultureInfo.InvariantCulture);
        var text = value.ToString(Format(decimals), CultureInfo.InvariantCulture);
        return text.StartsWith('-') && text.AsSpan().IndexOfAnyInRange('1', '9') < 0 ? text[1..] : text;
    }

    /// <summary>A time given in ms: in s from one second on, else in ms: 268 ms, 2.09 s.</summary>
    public static string Time(double ms) => InUnit(ms, null, null, TimeUnit(ms), 3);

    /// <summary>A time in ms with its bounds in the same unit: 2.09 s (2.08 to 2.11).</summary>
    public static string Time(Figure ms) => InUnit(ms.Value, ms.Lower, ms.Upper, TimeUnit(ms.Value), 3);

    /// <summary>A time given in s, written as <see cref="Time(double)"/> does.</summary>
    public static string Seconds(double s) => Time(1000 * s);

    /// <summary>A time in s with its bounds.</summary>
    public static string Seconds(Figure s) => InUnit(1000 * s.Value, 1000 * s.Lower, 1000 * s.Upper, TimeUnit(1000 * s.Value), 3);

    /// <summary>How many times: 7.79x, 1009x.</summary>
    public static string Times(double ratio) => Significant(ratio) + "x";

    /// <summary>How many times, with bounds: 7.79x (7.64 to 8.03).</summary>
    public static string Times(Figure ratio) => InUnit(ratio.Value, ratio.Lower, ratio.Upper, (1, "x"), 3);

    /// <summary>Images/s, without the unit: 245, 247803.</summary>
    public static string Rate(double imagesPerS) => Significant(imagesPerS);

    /// <summary>A fraction in per cent with one decimal: 84.7 %.</summary>
    public static string Percent(double fraction) => Fixed(100 * fraction, 1) + " %";

    /// <summary>A fraction in per cent, with bounds: 84.7 % (82.3 to 86.8).</summary>
    public static string Percent(Figure fraction) =>
        Percent(fraction.Value) + Bounds(100 * fraction.Lower, 100 * fraction.Upper, 1);

    /// <summary>A part of a whole in per cent with two significant digits: 5.3 %, 0.046 %.</summary>
    public static string Share(double fraction) => InUnit(100 * fraction, null, null, (1, " %"), 2);

    /// <summary>A part of a whole in per cent, with bounds: 41 % (39 to 43).</summary>
    public static string Share(Figure fraction) =>
        InUnit(100 * fraction.Value, 100 * fraction.Lower, 100 * fraction.Upper, (1, " %"), 2);

    /// <summary>A difference of fractions in percentage points, with one decimal and without the word: 4.0.</summary>
    public static string Points(double fraction) => Fixed(100 * fraction, 1);

    /// <summary>Memory: 512 MiB, 1.53 GiB (powers of 1024, as the systems' own tools count).</summary>
    public static string Bytes(double bytes) => Math.Abs(bytes) < 1L << 30
        ? Significant(bytes / (1L << 20)) + " MiB"
        : Significant(bytes / (1L << 30)) + " GiB";

    /// <summary>An energy in J: 0.181 J, 268 J, 2086 J.</summary>
    public static string Energy(double joules) => Significant(joules) + " J";

    /// <summary>A count: 512.</summary>
    public static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>A day: 2026-11-24.</summary>
    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The first ten digits of a commit, which name it in any repository of a sensible size.</summary>
    public static string Commit(string commit) => commit.Length > 10 ? commit[..10] : commit;

    /// <summary> (lower to upper), with a blank in front; nothing where there are no bounds.</summary>
    internal static string Bounds(double? lower, double? upper, int decimals) =>
        lower is { } low && upper is { } high ? $" ({Fixed(low, decimals)} to {Fixed(high, decimals)})" : "";

    /// <summary>A custom format: it rounds the shortest decimal digits, so that 95.35 becomes 95.4, as everybody expects who sees the
    /// digits in the file. The standard format F1 rounds the binary number, which is a little below.</summary>
    private static string Format(int decimals) => decimals == 0 ? "0" : "0." + new string('0', decimals);

    private static (double Size, string Name) TimeUnit(double ms) => Math.Abs(ms) >= 999.5 ? (1000, " s") : (1, " ms");

    private static string InUnit(double value, double? lower, double? upper, (double Size, string Name) unit, int digits)
    {
        var decimals = Decimals(value / unit.Size, digits);
        return Fixed(value / unit.Size, decimals) + unit.Name + Bounds(lower / unit.Size, upper / unit.Size, decimals);
    }
}
