using FreezeBench.Results.Reports;
using ScottPlot;

namespace FreezeBench.Tool.Plots;

/// <summary>Epoch times of environments side by side: a line for each environment, a sign for each policy.</summary>
internal static class MatrixPlot
{
    private const int Row = 24;

    private const int LongestLabel = 18;

    private const int HashLength = 8;

    /// <summary>The plot; null where fewer than two environments have a time that counts.</summary>
    internal static Picture? Of(Matrix matrix)
    {
        var rows = matrix.Rows.Select(row => (row.Name, row.EnvironmentId, Times: Times(row))).Where(row => row.Times.Count > 0).ToList();
        if (rows.Count < 2)
            return null;
        var times = rows.SelectMany(row => row.Times.Select(time => time.Ms.Value)).Order().ToList();
        var padding = new PixelPadding(150, EndLabels.Room, 40, 8);
        // No lower than its legend, which has a line for each policy.
        var policies = rows.SelectMany(row => row.Times.Select(time => time.Policy)).Distinct().InPolicyOrder(name => name).ToList();
        var height = Math.Max(rows.Count * Row, policies.Count * 16) + 48;
        var labels = Labels([.. rows.Select(row => (row.Name, row.EnvironmentId))]);
        var canvas = new Canvas(height, padding, Axis.Log("time of an epoch, ms (logarithmic)", times[0], times[^1]), new Axis { Label = "", Start = -0.5, End = rows.Count - 0.5, Ticks = [] });
        canvas.Axes(horizontal: false);
        for (var index = 0; index < rows.Count; index++)
        {
            var position = Bars.Position(rows.Count, index);
            canvas.Line([rows[index].Times.Min(time => time.Ms.Value), rows[index].Times.Max(time => time.Ms.Value)], [position, position], Palette.Grid);
            foreach (var (policy, ms) in rows[index].Times)
                canvas.Mark(ms.Value, position, policy);
            var (_, top) = canvas.Pixel(times[0], position);
            canvas.Text(padding.Left - 8, top + 4, labels[index], "end", "name");
        }
        EndLabels.Write(canvas, policies.Select((policy, index) => (policy, 16.0 + 16 * index)), height);
        return new Picture
        {
            Caption = "Time of an epoch in each environment",
            Description = string.Join(" ", rows.Select(row => $"{row.Name}: {string.Join(", ", row.Times.Select(time => $"{time.Policy} {Numbers.Time(time.Ms.Value)}"))}.")),
            Canvas = canvas,
        };
    }

    private static List<(PolicyName Policy, Figure Ms)> Times(MatrixRow row) =>
        [.. row.Policies.Where(policy => policy.EpochMs is { Origin.Disturbed: false, Value: > 0 }).Select(policy => (policy.Name(), policy.EpochMs!))];

    /// <summary>What fits before the axis: the name's beginning, and where that is not one environment's alone, the end of its id too.</summary>
    internal static IReadOnlyList<string> Labels(IReadOnlyList<(string Name, string Id)> environments)
    {
        var names = environments.Select(environment => environment.Name.Length <= LongestLabel ? environment.Name : environment.Name[..(LongestLabel - 1)] + "…").ToList();
        var shared = names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet();
        return [.. environments.Select((environment, index) => shared.Contains(names[index]) ? $"{Start(environment.Name)}…{End(environment.Id)}" : names[index])];
    }

    private static string Start(string name) => name[..Math.Min(name.Length, LongestLabel - 1 - HashLength)];

    // The id ends with its hash.
    private static string End(string id) => id[Math.Max(0, id.Length - HashLength)..];
}
