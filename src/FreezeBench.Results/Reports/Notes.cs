using FreezeBench.Results.Tables;

namespace FreezeBench.Results.Reports;

/// <summary>Numbers the origins of a section, each once, in the order in which its figures appear.</summary>
internal sealed class Notes
{
    private readonly Dictionary<string, int> numbers = [];
    private readonly List<string> texts = [];

    /// <summary>The notes, the first is number 1.</summary>
    internal IReadOnlyList<string> Texts => texts;

    /// <summary>A table's cell: the figure, the marks of its quality and the number of its note; null for no figure.</summary>
    internal string? Cell(Figure? figure, Func<Figure, string> text) => figure is null ? null : text(figure) + Reference(figure.Origin);

    private string Reference(Origin origin) => Marks(origin) + $"<sup>{Numbers.Count(Number(Text(origin)))}</sup>";

    /// <summary>~ noisy, ! very noisy, t throttled, d disturbed, ? of code that was not committed; with a blank in front.</summary>
    private static string Marks(Origin origin)
    {
        var marks = (origin.Noise switch { Statistics.NoiseVerdict.Noisy => "~", Statistics.NoiseVerdict.VeryNoisy => "!", _ => "" })
            + (origin.Throttled ? "t" : "") + (origin.Disturbed ? "d" : "") + (origin.Dirty ? "?" : "");
        // The tilde alone is struck-through text's mark, the exclamation mark a picture's.
        return marks.Length == 0 ? "" : " " + marks.Replace("~", "\\~", StringComparison.Ordinal).Replace("!", "\\!", StringComparison.Ordinal);
    }

    private static string Text(Origin origin)
    {
        List<string> parts =
        [
            (origin.RunIds.Count == 1 ? "run " : "runs ") + string.Join(", ", origin.RunIds.Select(MarkdownText.Name)),
            (origin.Commits.Count == 1 ? "commit " : "commits ") + string.Join(", ", origin.Commits.Select(commit => MarkdownText.Name(Numbers.Commit(commit)))),
            Numbers.Day(origin.Date),
            $"n = {Numbers.Count(origin.Count)}",
        ];
        if (origin.Noise != Statistics.NoiseVerdict.Unknown)
            parts.Add(origin.Noise switch { Statistics.NoiseVerdict.Quiet => "quiet", Statistics.NoiseVerdict.Noisy => "noisy", _ => "very noisy" });
        if (origin.Throttled)
            parts.Add("throttled");
        if (origin.Disturbed)
            parts.Add("disturbed by other work");
        if (origin.Dirty)
            parts.Add("code not committed");
        return $"{MarkdownText.Name(origin.EnvironmentId)}, {string.Join(", ", parts)}";
    }

    private int Number(string text)
    {
        if (!numbers.TryGetValue(text, out var number))
        {
            texts.Add(text);
            numbers[text] = number = texts.Count;
        }
        return number;
    }
}
