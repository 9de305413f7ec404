namespace FreezeBench.Tool.Elements;

/// <summary>A piece of the page. A string becomes a text, and texts are escaped when they are written: markup can only come
/// from <see cref="Element"/> and from <see cref="Verbatim"/>, never out of a result file.</summary>
internal abstract class Node
{
    /// <summary>A text, escaped when written.</summary>
    public static implicit operator Node(string text) => new TextNode(text);

    /// <summary>Writes the piece as HTML.</summary>
    internal abstract void WriteTo(TextWriter writer);

    private sealed class TextNode(string text) : Node
    {
        internal override void WriteTo(TextWriter writer) => writer.Write(Escaping.Of(text));
    }
}

/// <summary>Pieces one after another.</summary>
internal sealed class Fragment(params IEnumerable<Node> children) : Node
{
    private readonly List<Node> children = [.. children];

    internal override void WriteTo(TextWriter writer) => children.ForEach(child => child.WriteTo(writer));
}

/// <summary>Content of the page's own style and script, which no reader escapes: never a text of a result file.</summary>
internal sealed class Verbatim : Node
{
    private readonly string content;

    /// <exception cref="ArgumentException">The content would end its element early.</exception>
    internal Verbatim(string content)
    {
        if (content.Contains("</", StringComparison.Ordinal))
            throw new ArgumentException("The content of a style or script holds '</', which would end it.", nameof(content));
        this.content = content;
    }

    internal override void WriteTo(TextWriter writer) => writer.Write(content);
}
