using FreezeBench.Tool.Elements;


namespace FreezeBench.Tool.Plots;

/// <summary>A plot with what has to stand beside it.</summary>
internal sealed record Picture
{
    /// <summary>What it shows, with units and settings.</summary>
    internal required string Caption { get; init; }

    /// <summary>What is to be seen, for a reader who does not see it.</summary>
    internal required string Description { get; init; }

    internal required Canvas Canvas { get; init; }

    /// <summary>What its shades stand for: numbers of <see cref="Palette"/> with names; empty where names stand in the plot.</summary>
    internal IReadOnlyList<(int Number, string Name)> Key { get; init; } = [];

    /// <summary>Heads of its numbers' table; empty where the table above the plot has the numbers.</summary>
    internal IReadOnlyList<string> Heads { get; init; } = [];

    /// <summary>Its numbers as texts, a list for each row.</summary>
    internal IReadOnlyList<IReadOnlyList<string>> Rows { get; init; } = [];

    /// <summary>The figure with caption and numbers.</summary>
    /// <param name="id">Unique in the page.</param>
    internal Element ToFigure(string id) => Tag.Of("figure",
        Tag.Of("figcaption", Caption, Key.Count == 0 ? null : Tag.OfClass("span", "key", Key.SelectMany(shade => new Node[]
        {
            Tag.Of("span", Tag.OfClass("span", $"swatch b{shade.Number}"), shade.Name), " ",
        }))),
        Canvas.ToSvg(id, Caption, Description),
        Rows.Count == 0 ? null : Tag.Of("details",
            Tag.Of("summary", "Numbers of this plot"),
            Tag.Scrolling(Caption, Tag.Of("table",
                Tag.OfClass("caption", "unseen", Tag.Of("span", Caption)),
                Tag.Of("thead", Tag.Of("tr", Heads.Select(head => Tag.Of("th", head).With("scope", "col")))),
                Tag.Of("tbody", Rows.Select(Row)))))).With("id", id);

    private static Element Row(IReadOnlyList<string> cells) => Tag.Of("tr",
        cells.Select((cell, index) => index == 0 ? Tag.Of("th", cell).With("scope", "row") : Tag.Of("td", cell)));
}
