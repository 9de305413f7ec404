using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FreezeBench.Results;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FreezeBench.Tool.Cells;

/// <summary>YAML that means one thing only, as the JSON that it stands for: no key twice, no anchor, no tag, one document.</summary>
internal static partial class YamlText
{
    // As deep as JSON may be.
    private const int MostDepth = 64;

    /// <exception cref="UserErrorException">It is no YAML, or one of those that could mean something else than a reader sees; with line and column.</exception>
    internal static JsonNode? Parse(string text, string file)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
                return null;
            parser.Consume<DocumentStart>();
            var node = Node(parser, 0);
            parser.Consume<DocumentEnd>();
            return parser.Accept<StreamEnd>(out _) ? node : throw Refused(parser.Current!, "a second document begins; one is read.");
        }
        catch (YamlException error)
        {
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture, $"{file}, line {error.Start.Line}, column {error.Start.Column}: {error.InnerException?.Message ?? error.Message}"), error);
        }
    }

    private static JsonNode? Node(Parser parser, int depth)
    {
        var here = parser.Current!;
        // An alias makes a text of a hundred bytes a tree of millions; an anchor or a tag is not what a reader of the file sees.
        if (here is AnchorAlias || here is NodeEvent { Anchor.IsEmpty: false })
            throw Refused(here, "anchors and aliases are not read; write the values out.");
        if (here is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } tag })
            throw Refused(here, $"the tag {tag.Value} is not read; leave it out.");
        if (depth > MostDepth)
            throw Refused(here, $"it is nested deeper than {MostDepth} levels.");
        if (parser.TryConsume<Scalar>(out var scalar))
            return Value(scalar);
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var list = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
                list.Add(Node(parser, depth + 1));
            return list;
        }
        parser.Consume<MappingStart>();
        var map = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var place = parser.Current!;
            if (place is not Scalar { Anchor.IsEmpty: true, Tag.IsEmpty: true } key)
                throw Refused(place, "a key is not a plain word.");
            parser.MoveNext();
            if (map.ContainsKey(key.Value))
                throw Refused(place, $"the key '{key.Value}' is there twice.");
            map[key.Value] = Node(parser, depth + 1);
        }
        return map;
    }

    // The core schema of YAML 1.2 (chapter 10.3.2): "no" is a word, and neither are times and octal numbers guessed.
    private static JsonValue? Value(Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain)
            return JsonValue.Create(text);
        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when Whole().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
            _ when Fraction().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction) && double.IsFinite(fraction) => JsonValue.Create(fraction),
            _ => JsonValue.Create(text),
        };
    }

    private static YamlException Refused(ParsingEvent place, string why) => new(place.Start, place.End, why);

    [GeneratedRegex("^[-+]?[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Fraction();
}
