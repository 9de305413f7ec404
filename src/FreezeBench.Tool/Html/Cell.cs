using FreezeBench.Results.Reports;
using FreezeBench.Results.Statistics;
using FreezeBench.Tool.Elements;
using FreezeBench.Tool.Plots;

namespace FreezeBench.Tool.Html;

/// <summary>A cell of a table of the report.</summary>
internal sealed record Cell
{
    /// <summary>What is written, without signs and bounds.</summary>
    internal required string Text { get; init; }

    /// <summary>The number; null for a text and for what was not measured.</summary>
    internal double? Value { get; init; }

    /// <summary>Bounds in small print.</summary>
    internal string? Bounds { get; init; }

    /// <summary>Signs in front of the number.</summary>
    internal string Marks { get; init; } = "";

    /// <summary>Told when pointed at.</summary>
    internal string? Title { get; init; }

    /// <summary>Number of its source; 0 for none.</summary>
    internal int Source { get; init; }

    /// <summary>The policy whose colour stands in front of the text; null for none.</summary>
    internal PolicyName? Policy { get; init; }

    /// <summary>Anchor in the page that the text leads to; null for none.</summary>
    internal string? Link { get; init; }

    internal static Cell OfPolicy(PolicyName policy) => new() { Text = $"{policy}", Policy = policy };

    internal static Cell Words(string text) => new() { Text = text };

    /// <summary>A number without an origin of its own.</summary>
    internal static Cell Plain(double? value, Func<double, string> text) => value is { } number ? new() { Text = text(number), Value = number } : Missing;

    /// <summary>What was not measured.</summary>
    internal static Cell Missing { get; } = new() { Text = Numbers.Missing };

    /// <param name="figure">null where it was not measured.</param>
    /// <param name="sources">Takes the origin.</param>
    /// <param name="row">Which row it is in; null where the source says it.</param>
    /// <param name="column">Which quantity it is.</param>
    /// <param name="scale">Multiplies the figure into the column's unit.</param>
    /// <param name="places">Decimals at most; fewer where three significant digits have fewer.</param>
    /// <param name="withBounds">Whether the bounds are written too, and not only told when pointed at.</param>
    internal static Cell Of(Figure? figure, Sources sources, string? row, string column, double scale = 1, int places = 15, bool withBounds = false)
    {
        if (figure is null)
            return Missing;
        var source = sources.Note(row, column, figure.Origin);
        var value = figure.Value * scale;
        places = Math.Min(places, Numbers.Decimals(value));
        var bounds = figure is { Lower: { } lower, Upper: { } upper } ? $"{Numbers.Fixed(lower * scale, places)} to {Numbers.Fixed(upper * scale, places)}" : null;
        return new Cell
        {
            Text = Numbers.Fixed(value, places),
            Value = value,
            Bounds = withBounds ? bounds : null,
            Marks = Html.Marks.Of(figure.Origin),
            Title = $"{(bounds is null || withBounds ? "" : $"{bounds} (95 %); ")}n = {figure.Origin.Count}{(figure.Origin.Noise is NoiseVerdict.Unknown or NoiseVerdict.Quiet ? "" : $", {Html.Marks.Words(figure.Origin.Noise)}")}",
            Source = source,
        };
    }

    /// <param name="head">Whether it names its row.</param>
    /// <param name="number">Whether its column holds numbers.</param>
    /// <param name="decimals">Decimals of the column: what this cell has fewer is filled up, so that the points stand in line.</param>
    /// <param name="manySources">Whether the table has several sources, so that the cell must say which is its own.</param>
    internal Element ToElement(bool head, bool number, int decimals, bool manySources) => Tag.Of(head ? "th" : "td",
        Marks.Length == 0 ? null : Tag.OfClass("b", "mark", Marks),
        Link is { } anchor ? Tag.Of("a", Text).With("href", $"#{anchor}") : Value is null ? Text : Text + Filling(decimals),
        Bounds is null ? null : Tag.Of("small", Bounds))
        .With("scope", head ? "row" : null)
        .With("class", Policy is { } policy ? $"t p p{Palette.Policy(policy)}" : head || number ? null : "t")
        .With("title", Source > 0 && manySources ? $"{Title}; source {Source}" : Title);

    /// <summary>Decimals that the text shows.</summary>
    internal int Decimals => Value is not null && Text.IndexOf('.', StringComparison.Ordinal) is >= 0 and var point ? Text.Length - 1 - point : 0;

    /// <summary>Blanks as wide as a point and as digits.</summary>
    private string Filling(int decimals) => decimals == Decimals ? "" : (Decimals == 0 ? "\u2008" : "") + new string('\u2007', decimals - Decimals);
}
