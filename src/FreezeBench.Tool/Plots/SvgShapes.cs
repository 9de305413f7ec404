using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FreezeBench.Tool.Elements;

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
    internal static IEnumerable<Node> Of(string svg)
    {
        var shapes = XDocument.Parse(svg).Descendants()
            .Where(element => element.Name.LocalName is not ("svg" or "g" or "clipPath") && element.Parent?.Name.LocalName != "clipPath")
            .Select(shape => (Name: shape.Name.LocalName, Class: string.Join(' ', Classes(shape)), Geometry: Geometry(shape)));
        (string Name, string Class, List<(string Name, string Value)> Geometry)? held = null;
        foreach (var shape in shapes)
        {
            if (held is { Name: "path" } path && shape.Name == "path" && shape.Class == path.Class)
            {
                // Lines of one colour after another are one path: a grid is half as many bytes so.
                path.Geometry[0] = ("d", path.Geometry[0].Value + shape.Geometry[0].Value);
                continue;
            }
            if (held is { } done)
                yield return Shape(done);
            held = shape;
        }
        if (held is { } last)
            yield return Shape(last);
    }

    private static Element Shape((string Name, string Class, List<(string Name, string Value)> Geometry) shape) =>
        shape.Geometry.Aggregate(Tag.OfClass(shape.Name, shape.Class), (element, attribute) => element.With(attribute.Name, attribute.Value));

    private static List<(string Name, string Value)> Geometry(XElement shape) =>
        [.. geometry.Where(name => shape.Attribute(name) is not null).Select(name => (name, Number().Replace(shape.Attribute(name)!.Value, Rounded)))];

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
