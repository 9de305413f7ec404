using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FreezeBench.Tool.Html;

namespace FreezeBench.Tool.Plots;

/// <summary>Takes the shapes out of an SVG that ScottPlot wrote.</summary>
internal static partial class SvgShapes
{
    /// <summary>Attributes that tell a shape's geometry; everything else about it is the style sheet's.</summary>
    private static readonly string[] geometry = ["x", "y", "width", "height", "cx", "cy", "rx", "ry", "d"];

    /// <summary>The shapes with classes for colours: f with a number fills, s outlines a sign, l draws a line, e bounds.</summary>
    /// <remarks>The clip paths go: their ids would collide between the plots of a page, and nothing reaches outside the axes,
    /// which are chosen to hold all data. Coordinates keep a tenth of a pixel, a third of their length.</remarks>
    /// <exception cref="InvalidOperationException">A shape has a colour that is none of <see cref="Palette"/>'s.</exception>
    internal static IEnumerable<Node> Of(string svg) =>
        XDocument.Parse(svg).Descendants().Where(element => element.Name.LocalName is not ("svg" or "g" or "clipPath") && element.Parent?.Name.LocalName != "clipPath").Select(Shape);

    private static Element Shape(XElement shape)
    {
        var result = Tag.OfClass(shape.Name.LocalName, string.Join(' ', Classes(shape)));
        foreach (var name in geometry)
            result.With(name, shape.Attribute(name) is { } attribute ? Number().Replace(attribute.Value, Rounded) : null);
        return result;
    }

    private static IEnumerable<string> Classes(XElement shape)
    {
        if (Colour(shape, "fill") is { } fill)
            yield return $"f{fill}";
        if (Colour(shape, "stroke") is { } stroke)
            yield return stroke >= Palette.Bounds ? $"e{stroke - Palette.Bounds}" : stroke >= Palette.Lines ? $"l{stroke - Palette.Lines}" : $"s{stroke}";
        if (shape.Attribute("fill-opacity") is not null)
            yield return "band";
    }

    private static int? Colour(XElement shape, string attribute) => shape.Attribute(attribute)?.Value switch
    {
        null or "none" => null,
        var colour => Palette.Number(colour) ?? throw new InvalidOperationException($"A {shape.Name.LocalName} has the {attribute} {colour}, which is no stand-in colour."),
    };

    private static string Rounded(Match number) =>
        Math.Round(double.Parse(number.Value, CultureInfo.InvariantCulture), 1).ToString("0.#", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"-?\d+(\.\d+)?(e-?\d+)?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
