using FreezeBench.Results.Reports;
using ScottPlot;

namespace FreezeBench.Tool.Plots;

/// <summary>Horizontal bars with a name in front and a value behind: the forms that every plot of times shares.</summary>
internal static class Bars
{
    /// <summary>Height of a bar with the gap to the next, in pixels.</summary>
    private const int Row = 26;

    /// <summary>Room for names; a longer one is cut.</summary>
    private const int NameLength = 17;

    /// <summary>An empty plot with room for so many bars from 0 to <paramref name="longest"/>.</summary>
    internal static Canvas Canvas(string label, double longest, int bars, int valueRoom)
    {
        var x = Axis.Linear(label, 0, longest > 0 ? longest : 1);
        // The axis ends at the longest bar, not at the tick behind it, so that the bars get the room.
        x = x with { End = longest > 0 ? longest : 1, Ticks = [.. x.Ticks.Where(tick => tick.Value <= longest)] };
        var y = new Axis { Label = "", Start = -0.5, End = bars - 0.5, Ticks = [] };
        var canvas = new Canvas(bars * Row + 48, new PixelPadding(126, valueRoom, 44, 4), x, y);
        canvas.Axes(horizontal: false);
        return canvas;
    }

    /// <summary>Position of a bar, counted from the top.</summary>
    internal static double Position(int bars, int index) => bars - 1 - index;

    /// <summary>Writes the name in front of a bar.</summary>
    internal static void Name(Canvas canvas, double position, string name)
    {
        var (left, top) = canvas.Pixel(0, position);
        canvas.Text(left - 8, top + 4, Short(name), "end", "name");
    }

    /// <summary>Writes the value behind a bar.</summary>
    internal static void Value(Canvas canvas, double end, double position, string text)
    {
        var (left, top) = canvas.Pixel(end, position);
        canvas.Text(left + 6, top + 4, text, null, "value");
    }

    /// <summary>Draws the bounds over a bar's end.</summary>
    internal static void Bounds(Canvas canvas, Figure figure, double scale, double position)
    {
        if (figure is not { Lower: { } lower, Upper: { } upper })
            return;
        canvas.Bound((lower * scale, position), (upper * scale, position), Palette.Ink);
        foreach (var end in new[] { lower * scale, upper * scale })
            canvas.Bound((end, position - 0.14), (end, position + 0.14), Palette.Ink);
    }

    /// <summary>A name that fits in front of a bar.</summary>
    internal static string Short(string name) => name.Length <= NameLength ? name : name[..(NameLength - 1)] + "…";

    /// <summary>s where the longest of the times given in ms has 1 s or more, else ms: its name and its size in ms.</summary>
    internal static (string Name, double Ms) Unit(double longestMs) => longestMs >= 1000 ? ("s", 1000) : ("ms", 1);
}
