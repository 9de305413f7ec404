namespace FreezeBench.Tool.Elements;

/// <summary>An element of HTML, or of SVG within it.</summary>
/// <param name="name">Its name, from code.</param>
internal sealed class Element(string name) : Node
{
    /// <summary>Elements without content and end tag.</summary>
    private static readonly HashSet<string> withoutEnd = ["br", "meta"];

    /// <summary>Shapes of SVG, which close themselves.</summary>
    private static readonly HashSet<string> shapes = ["ellipse", "path", "rect"];

    /// <summary>Elements that begin a line, so that two versions of a report can be compared line by line.</summary>
    private static readonly HashSet<string> lines =
        ["caption", "details", "dl", "figure", "h1", "h2", "h3", "h4", "li", "main", "meta", "nav", "p", "section", "script", "style", "svg", "table", "tbody", "thead", "title", "tr", "ul"];

    private readonly List<(string Name, string Value)> attributes = [];
    private readonly List<Node> children = [];

    /// <summary>Adds an attribute; its value is escaped when written.</summary>
    /// <param name="attribute">Its name, from code.</param>
    /// <param name="value">null leaves the attribute out; an empty value is written as a name alone.</param>
    internal Element With(string attribute, string? value)
    {
        if (value is not null)
            attributes.Add((attribute, value));
        return this;
    }

    /// <summary>Adds children; null is left out.</summary>
    internal Element Add(params IEnumerable<Node?> nodes)
    {
        children.AddRange(nodes.OfType<Node>());
        return this;
    }

    internal override void WriteTo(TextWriter writer)
    {
        // A line feed, not the writer's own line end: the bytes must be the same on every system.
        if (lines.Contains(name))
            writer.Write('\n');
        writer.Write('<');
        writer.Write(name);
        foreach (var (attribute, value) in attributes)
        {
            writer.Write(' ');
            writer.Write(attribute);
            if (value.Length > 0)
                writer.Write($"=\"{Escaping.Of(value)}\"");
        }
        if (shapes.Contains(name))
        {
            writer.Write("/>");
            return;
        }
        writer.Write('>');
        if (withoutEnd.Contains(name))
            return;
        children.ForEach(child => child.WriteTo(writer));
        writer.Write($"</{name}>");
    }
}

/// <summary>Makes elements.</summary>
internal static class Tag
{
    /// <summary>An element with children; null is left out.</summary>
    internal static Element Of(string name, params IEnumerable<Node?> children) => new Element(name).Add(children);

    /// <summary>An element with a class and children; null is left out.</summary>
    internal static Element OfClass(string name, string style, params IEnumerable<Node?> children) =>
        new Element(name).With("class", style).Add(children);

    /// <summary>A box that a wide table scrolls in, so that the page does not; it can be reached by keyboard.</summary>
    internal static Element Scrolling(string name, Element table) =>
        OfClass("div", "box", table).With("role", "region").With("tabindex", "0").With("aria-label", name);
}
