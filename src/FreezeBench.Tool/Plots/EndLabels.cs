using FreezeBench.Results.Reports;

namespace FreezeBench.Tool.Plots;

/// <summary>Names of policies to the right of a plot, each as near to the height of its line's end as the others leave room.</summary>
internal static class EndLabels
{
    /// <summary>Height of a label with its gap, in pixels.</summary>
    private const double Gap = 15;

    /// <summary>Room that the labels need to the right of the data, in pixels.</summary>
    internal const int Room = 122;

    /// <param name="canvas">Where.</param>
    /// <param name="ends">Policies with the height of their line's end in pixels from the top.</param>
    /// <param name="lowest">Pixels from the top that no label goes below.</param>
    internal static void Write(Canvas canvas, IEnumerable<(PolicyName Policy, double Top)> ends, double lowest)
    {
        // Stable: policies that end level keep the order of the table.
        var sorted = ends.OrderBy(end => end.Top).ToList();
        var tops = new double[sorted.Count];
        for (var index = 0; index < sorted.Count; index++)
            tops[index] = Math.Max(sorted[index].Top, index == 0 ? 0 : tops[index - 1] + Gap);
        // What was pushed below the plot pushes back from there.
        for (var (index, limit) = (sorted.Count - 1, lowest); index >= 0 && tops[index] > limit; index--, limit -= Gap)
            tops[index] = limit;
        for (var index = 0; index < sorted.Count; index++)
        {
            var left = Canvas.Width - Room + 8;
            canvas.Key(left + 4, tops[index], sorted[index].Policy);
            canvas.Text(left + 14, tops[index] + 4, Bars.Short($"{sorted[index].Policy}"), null, "name");
        }
    }
}
