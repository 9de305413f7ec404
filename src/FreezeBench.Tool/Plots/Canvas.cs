using System.Globalization;
using FreezeBench.Results.Reports;
using FreezeBench.Tool.Elements;
using ScottPlot;

namespace FreezeBench.Tool.Plots;

/// <summary>A plot in the making. ScottPlot draws the shapes; texts are elements of their own at the pixels that it names,
/// because its texts would depend on the fonts of the machine, and so would the bytes of the report.</summary>
internal sealed class Canvas
{
    /// <summary>Width of every plot in its own pixels: at 400 px of screen its texts are still 10 px high.</summary>
    internal const int Width = 480;

    /// <summary>Carried out on writing, so that ScottPlot's plot, which holds native memory, lives no longer than that.</summary>
    private readonly List<Action<Plot>> shapes = [];

    /// <summary>Drawn on a plot of their own that is all data: ScottPlot leaves out what is outside the axes.</summary>
    private readonly List<Action<Plot>> keys = [];
    private readonly PixelPadding padding;
    private readonly int height;
    private readonly Axis x;
    private readonly Axis y;
    private readonly List<Node> texts = [];

    /// <summary>An empty plot.</summary>
    /// <param name="height">Height in pixels.</param>
    /// <param name="padding">Room for texts around the data, in pixels.</param>
    /// <param name="x">The axis along the bottom.</param>
    /// <param name="y">The axis along the left.</param>
    internal Canvas(int height, PixelPadding padding, Axis x, Axis y) => (this.height, this.padding, this.x, this.y) = (height, padding, x, y);

    /// <summary>Where a point lies, in pixels from the left and the top.</summary>
    internal (double X, double Y) Pixel(double atX, double atY) =>
        (padding.Left + (Width - padding.Left - padding.Right) * Part(x, atX), padding.Top + (height - padding.Top - padding.Bottom) * (1 - Part(y, atY)));

    /// <summary>Lines and labels of the axes.</summary>
    /// <param name="horizontal">Whether the vertical axis has lines and labels; of bars with names it has none.</param>
    internal void Axes(bool horizontal = true)
    {
        foreach (var (value, text) in x.Ticks)
        {
            Line([value, value], [y.Start, y.End], Palette.Grid);
            var (left, _) = Pixel(value, y.Start);
            Text(left, height - padding.Bottom + 16, text, "middle");
        }
        if (x.Label.Length > 0)
            Text(padding.Left + (Width - padding.Left - padding.Right) / 2, height - 4, x.Label, "middle", "axis");
        if (!horizontal)
            return;
        foreach (var (value, text) in y.Ticks)
        {
            Line([x.Start, x.End], [value, value], Palette.Grid);
            var (_, top) = Pixel(x.Start, value);
            Text(padding.Left - 6, top + 4, text, "end");
        }
        Text(2, 12, y.Label, null, "axis");
    }

    /// <summary>A line through points.</summary>
    internal void Line(IReadOnlyList<double> xs, IReadOnlyList<double> ys, int number) => shapes.Add(plot =>
        // Width and dashes are the style sheet's: ScottPlot would write each dash as an area of its own.
        plot.Add.ScatterLine(xs.Select(x.Position).ToArray(), ys.Select(y.Position).ToArray(), Palette.StandIn(Palette.Lines + number)).LineWidth = 1);

    /// <summary>A bound, from one point to another.</summary>
    internal void Bound((double X, double Y) from, (double X, double Y) to, int number) => shapes.Add(plot => plot.Add.ScatterLine(
        new[] { x.Position(from.X), x.Position(to.X) }, new[] { y.Position(from.Y), y.Position(to.Y) }, Palette.StandIn(Palette.Bounds + number)).LineWidth = 1);

    /// <summary>The area between two lines.</summary>
    internal void Band(IReadOnlyList<double> xs, IReadOnlyList<double> lower, IReadOnlyList<double> upper, int number) => shapes.Add(plot =>
    {
        var band = plot.Add.FillY(xs.Select(x.Position).ToArray(), lower.Select(y.Position).ToArray(), upper.Select(y.Position).ToArray());
        band.FillColor = Palette.StandIn(number).WithAlpha(0.5);
        band.LineWidth = 0;
        band.MarkerSize = 0;
    });

    /// <summary>A bar from one value of the horizontal axis to another, around a position of the vertical one.</summary>
    internal void Bar(double from, double to, double position, double thickness, int number) => shapes.Add(plot => plot.Add.Bar(new Bar
    {
        Position = position,
        ValueBase = x.Position(from),
        Value = x.Position(to),
        Size = thickness,
        FillColor = Palette.StandIn(number),
        LineWidth = 0,
        Orientation = Orientation.Horizontal,
    }));

    /// <summary>A policy's sign.</summary>
    internal void Mark(double atX, double atY, PolicyName policy) => shapes.Add(plot =>
        plot.Add.Marker(x.Position(atX), y.Position(atY), Palette.Marker(policy), 8, Palette.StandIn(Palette.Policy(policy))));

    /// <summary>A policy's sign at a pixel, outside the axes.</summary>
    internal void Key(double left, double top, PolicyName policy) => keys.Add(plot =>
        plot.Add.Marker(left, height - top, Palette.Marker(policy), 8, Palette.StandIn(Palette.Policy(policy))));

    /// <param name="left">Pixels from the left.</param>
    /// <param name="top">Pixels from the top to the base line.</param>
    /// <param name="text">The text; escaped.</param>
    /// <param name="anchor">SVG's text-anchor: null for the start, middle, or end.</param>
    /// <param name="style">Class in the style sheet.</param>
    internal void Text(double left, double top, string text, string? anchor = null, string? style = null) =>
        texts.Add(Tag.Of("text", text).With("x", Tenth(left)).With("y", Tenth(top)).With("text-anchor", anchor).With("class", style));

    /// <summary>The plot as an element of the page.</summary>
    /// <param name="id">Unique in the page.</param>
    /// <param name="title">What it is, in a few words.</param>
    /// <param name="description">What it shows, for a reader who does not see it.</param>
    internal Element ToSvg(string id, string title, string description) => new Element("svg")
        .With("viewBox", $"0 0 {Width} {height}").With("width", $"{Width}").With("height", $"{height}").With("role", "img").With("aria-labelledby", $"{id}-t {id}-d")
        .Add(Tag.Of("title", title).With("id", $"{id}-t"), Tag.Of("desc", description).With("id", $"{id}-d"))
        .Add(SvgShapes.Of(Drawn(shapes, padding, new AxisLimits(x.Position(x.Start), x.Position(x.End), y.Position(y.Start), y.Position(y.End)))))
        .Add(keys.Count == 0 ? [] : SvgShapes.Of(Drawn(keys, new PixelPadding(0), new AxisLimits(0, Width, 0, height))))
        .Add(texts);

    private string Drawn(List<Action<Plot>> layer, PixelPadding around, AxisLimits limits)
    {
        using var plot = new Plot();
        plot.Layout.Fixed(around);
        plot.HideAxesAndGrid();
        plot.FigureBackground.Color = Colors.Transparent;
        plot.DataBackground.Color = Colors.Transparent;
        layer.ForEach(draw => draw(plot));
        // After the shapes, which would otherwise move the limits to themselves.
        plot.Axes.SetLimits(limits);
        return plot.GetSvgXml(Width, height);
    }

    private static double Part(Axis axis, double value) =>
        (axis.Position(value) - axis.Position(axis.Start)) / (axis.Position(axis.End) - axis.Position(axis.Start));

    private static string Tenth(double pixels) => Math.Round(pixels, 1).ToString("0.#", CultureInfo.InvariantCulture);
}
