using FreezeBench.Results.Reports;
using FreezeBench.Tool.Elements;

namespace FreezeBench.Tool.Html;

/// <summary>Where the numbers of a table come from: collected while its cells are written, told below it.</summary>
internal sealed class Sources
{
    private static readonly string[] heads = ["source", "run", "commit", "date", "n", "scatter", "numbers", "environment"];

    /// <summary>By what makes a source one; the values keep their order of appearance.</summary>
    private readonly Dictionary<string, int> numbers = [];
    private readonly List<(int Number, Origin Origin, SortedDictionary<string, List<string>> What)> rows = [];
    private readonly SortedSet<char> signs = [];

    /// <summary>How many numbers each quantity has: where a source gave all of them, its rows need no list.</summary>
    private readonly Dictionary<string, int> totals = [];

    /// <summary>How many sources there are so far.</summary>
    internal int Count => numbers.Count;

    /// <summary>Notes a number and returns that of its source, from 1.</summary>
    /// <param name="row">Which row it is in, for example the policy; null where the environment says it.</param>
    /// <param name="column">Which quantity it is.</param>
    /// <param name="origin">Where it comes from.</param>
    internal int Note(string? row, string column, Origin origin)
    {
        signs.UnionWith(Marks.Of(origin));
        totals[column] = totals.GetValueOrDefault(column) + 1;
        var key = string.Join('\n', [origin.EnvironmentId, .. origin.RunIds, "by", .. origin.Commits]);
        if (!numbers.TryGetValue(key, out var number))
            numbers.Add(key, number = numbers.Count + 1);
        var index = rows.FindIndex(known => known.Number == number && known.Origin.Count == origin.Count && known.Origin.Noise == origin.Noise
            && Marks.Of(known.Origin) == Marks.Of(origin) && known.Origin.Date == origin.Date);
        if (index < 0)
        {
            rows.Add((number, origin, new SortedDictionary<string, List<string>>(StringComparer.Ordinal)));
            index = rows.Count - 1;
        }
        if (!rows[index].What.TryGetValue(column, out var known))
            rows[index].What.Add(column, known = []);
        if (row is not null)
            known.Add(row);
        return number;
    }

    /// <summary>Signs used, and the sources behind a fold.</summary>
    /// <param name="of">The table's caption.</param>
    internal Node Told(string of) => new Fragment(
        signs.Count == 0 ? "" : Tag.OfClass("p", "legend", Marks.Meanings(signs).SelectMany(mark => new Node[] { Tag.OfClass("b", "mark", mark.Sign.ToString()), $" {mark.Meaning}. " })),
        rows.Count == 0 ? "" : Tag.OfClass("details", "sources",
            Tag.Of("summary", "Where these numbers come from"),
            Table($"Sources: {of.Split('.')[0]}")));

    private Element Table(string caption)
    {
        // Of one environment the caption says it, once.
        var one = rows.All(row => row.Origin.EnvironmentId == rows[0].Origin.EnvironmentId);
        return Tag.Scrolling(caption, Tag.Of("table",
            Tag.Of("caption", Tag.Of("span", one ? $"{caption}, in environment {rows[0].Origin.EnvironmentId}" : caption)),
            Tag.Of("thead", Tag.Of("tr", heads.Take(one ? heads.Length - 1 : heads.Length).Select(head => Tag.Of("th", head).With("scope", "col")))),
            Tag.Of("tbody", rows.OrderBy(row => row.Number).Select(row => Row(row).Add(one ? null : Tag.OfClass("td", "t", Tag.Of("code", row.Origin.EnvironmentId)))))));
    }

    private Element Row((int Number, Origin Origin, SortedDictionary<string, List<string>> What) row) => Tag.Of("tr",
        Tag.Of("th", Numbers.Count(row.Number)).With("scope", "row"),
        Tag.OfClass("td", "t", Codes(row.Origin.RunIds)),
        Tag.OfClass("td", "t", Codes(row.Origin.Commits.Select(Numbers.Commit))),
        Tag.Of("td", Numbers.Day(row.Origin.Date)),
        Tag.Of("td", Numbers.Count(row.Origin.Count)),
        Tag.OfClass("td", "t", $"{Marks.Of(row.Origin)} {Marks.Words(row.Origin.Noise)}".TrimStart()),
        Tag.OfClass("td", "t what", What(row.What)));

    /// <summary>Quantities of the same rows in one breath; no rows are named where these are all that the quantity has.</summary>
    private string What(SortedDictionary<string, List<string>> what) => string.Join("; ", what
        .GroupBy(column => column.Value.Count == 0 || column.Value.Count == totals[column.Key] ? "" : $" of {string.Join(", ", column.Value)}")
        .Select(columns => string.Join(", ", columns.Select(column => column.Key)) + columns.Key));

    private static Fragment Codes(IEnumerable<string> texts) => new(texts.SelectMany((text, index) => new Node[] { index == 0 ? "" : " ", Tag.Of("code", text) }));
}
