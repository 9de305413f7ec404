using FreezeBench.Results.Reports;
using ScottPlot;

namespace FreezeBench.Tool.Plots;

/// <summary>Throughput of policies as one size grows.</summary>
internal static class ScalingPlot
{
    private const int Height = 290;

    private static readonly PixelPadding padding = new(52, EndLabels.Room, 40, 24);

    /// <summary>Series of the same settings and the same size in one plot; null where all were disturbed.</summary>
    /// <param name="series">One or more, of equal settings and size.</param>
    internal static Picture? Of(IReadOnlyList<ScalingSeries> series)
    {
        var shown = series.Where(one => one.Points.All(point => !point.ImagesPerS.Origin.Disturbed && point.ImagesPerS.Value > 0)).ToList();
        if (shown.Count == 0)
            return null;
        var (what, sizes) = (shown[0].Size, shown.SelectMany(one => one.Points.Select(point => point.Size)).Distinct().Order().ToList());
        var x = Axis.Log(what, sizes[0], sizes[^1]) with { Ticks = [.. Apart(sizes).Select(size => ((double)size, Numbers.Count(size)))] };
        var rates = shown.SelectMany(one => one.Points.Select(point => point.ImagesPerS.Value)).Order().ToList();
        var y = rates[^1] / rates[0] > 20 ? Axis.Log("images/s (logarithmic)", rates[0], rates[^1]) : Axis.Linear("images/s", 0, rates[^1]);
        var canvas = new Canvas(Height, padding, x, y);
        canvas.Axes();
        foreach (var one in shown)
        {
            canvas.Line([.. one.Points.Select(point => (double)point.Size)], [.. one.Points.Select(point => point.ImagesPerS.Value)], Palette.Policy(one.Name()));
            foreach (var (size, rate) in one.Points)
                canvas.Mark(size, rate.Value, one.Name());
        }
        EndLabels.Write(canvas, shown.Select(one => (one.Name(), canvas.Pixel(one.Points[^1].Size, one.Points[^1].ImagesPerS.Value).Y)), Height - padding.Bottom);
        return new Picture
        {
            Caption = $"Throughput by {what}",
            Description = string.Join(" ", shown.Select(one => $"{one.Name()}: from {Numbers.Rate(one.Points[0].ImagesPerS.Value)} images/s at {one.Points[0].Size} to {Numbers.Rate(one.Points[^1].ImagesPerS.Value)} at {one.Points[^1].Size}.")),
            Canvas = canvas,
        };
    }

    /// <summary>Sizes whose labels do not touch: each at least 1.25 times the one before.</summary>
    private static IEnumerable<int> Apart(IEnumerable<int> sizes)
    {
        var last = 0;
        foreach (var size in sizes.Where(size => size >= last * 1.25))
        {
            last = size;
            yield return size;
        }
    }
}
