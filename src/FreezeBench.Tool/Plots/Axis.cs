using System.Globalization;

namespace FreezeBench.Tool.Plots;

/// <summary>An axis: what it shows, from where to where, and where its ticks are.</summary>
internal sealed record Axis
{
    /// <summary>Its name with the unit.</summary>
    internal required string Label { get; init; }

    /// <summary>The value at its start; on a logarithmic axis above 0.</summary>
    internal required double Start { get; init; }

    /// <summary>The value at its end, above the start.</summary>
    internal required double End { get; init; }

    /// <summary>Whether equal factors are equal distances.</summary>
    internal bool Logarithmic { get; init; }

    /// <summary>Ticks: a value and what is written at it.</summary>
    internal required IReadOnlyList<(double Value, string Text)> Ticks { get; init; }

    /// <summary>Where a value lies in the plot's own coordinates.</summary>
    internal double Position(double value) => Logarithmic ? Math.Log10(value) : value;

    /// <summary>A linear axis over the values with ticks at multiples of 1, 2 or 5 times a power of ten, ending on ticks.</summary>
    /// <param name="label">Name with the unit.</param>
    /// <param name="lowest">Lowest value to show.</param>
    /// <param name="highest">Highest value to show.</param>
    /// <param name="about">About how many steps there should be.</param>
    /// <param name="text">Writes a tick's value; by default as a plain number.</param>
    internal static Axis Linear(string label, double lowest, double highest, int about = 5, Func<double, string>? text = null)
    {
        // Equal values still need a stretch of axis around them.
        if (!(highest > lowest))
            (lowest, highest) = (lowest - Math.Max(Math.Abs(lowest) * 0.05, 1e-9), highest + Math.Max(Math.Abs(highest) * 0.05, 1e-9));
        var step = Step((highest - lowest) / about);
        var (first, last) = (Math.Floor(lowest / step + 1e-9), Math.Ceiling(highest / step - 1e-9));
        return new Axis
        {
            Label = label,
            Start = first * step,
            End = last * step,
            Ticks = [.. Enumerable.Range(0, (int)(last - first) + 1).Select(index => (first + index) * step).Select(value => (value, (text ?? Plain)(value)))],
        };
    }

    /// <summary>A logarithmic axis over the values, with ticks at 1, 2 and 5 times the powers of ten where they fit, else at the
    /// powers alone.</summary>
    /// <param name="label">Name with the unit.</param>
    /// <param name="lowest">Lowest value to show, above 0.</param>
    /// <param name="highest">Highest value to show.</param>
    internal static Axis Log(string label, double lowest, double highest)
    {
        // Some air, so that a mark at the end is not cut.
        var (start, end) = (lowest / 1.25, highest * 1.25);
        var decades = Enumerable.Range((int)Math.Floor(Math.Log10(start)), (int)Math.Ceiling(Math.Log10(end) - Math.Floor(Math.Log10(start))) + 1).ToList();
        double[] factors = Math.Log10(end / start) switch { < 2.2 => [1, 2, 5], _ => [1] };
        var ticks = decades.SelectMany(decade => factors.Select(factor => factor * Math.Pow(10, decade))).Where(value => value >= start && value <= end);
        return new Axis { Label = label, Start = start, End = end, Logarithmic = true, Ticks = [.. ticks.Select(value => (value, Plain(value)))] };
    }

    /// <summary>The least of 1, 2 and 5 times a power of ten that is not below <paramref name="least"/>.</summary>
    internal static double Step(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return (least / power) switch { <= 1.0000001 => 1, <= 2.0000001 => 2, <= 5.0000001 => 5, _ => 10 } * power;
    }

    /// <summary>A tick's value without the digits that binary fractions add.</summary>
    private static string Plain(double value) => Math.Abs(value) switch
    {
        < 1e-12 => "0",
        >= 1e6 => (value / 1e6).ToString("G4", CultureInfo.InvariantCulture) + "M",
        >= 1e4 => (value / 1e3).ToString("G4", CultureInfo.InvariantCulture) + "k",
        < 1e-3 => value.ToString("0.#######", CultureInfo.InvariantCulture),
        _ => value.ToString("G4", CultureInfo.InvariantCulture),
    };
}
