using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FreezeBench.Results;

/// <summary>
/// Text that somebody else wrote, on its way to a terminal or a log: file names, cells, what a file says of itself, what the system or
/// a library says of an error. A terminal acts on control characters, and a name can be as long as a file.
/// </summary>
public static partial class ForeignText
{
    /// <summary>The longest name or cell that a message shows.</summary>
    public const int LongestName = 120;

    /// <summary>The longest line of a message.</summary>
    public const int LongestLine = 4000;

    private const int MostLines = 200;

    /// <summary>Whether a name or a value of ours may not have a character: it steers a terminal, ends a line, or turns the direction of reading.</summary>
    /// <remarks>The marks and joiners of scripts that are written from right to left, or whose letters join, are no such ones.</remarks>
    public static bool IsSteering(char letter) => char.IsControl(letter) || letter is (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    /// <summary>A name or a value: in one line, what steers a terminal or turns the direction of reading as \u escapes, cut off where it is long.</summary>
    public static string Shown(string text, int most = LongestName)
    {
        if (text.Length <= most && !NeedsEscape(text))
            return text;
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= most)
                return shown.Append('…').ToString();
            Append(shown, rune);
        }
        return shown.ToString();
    }

    /// <summary>A message of our own words with foreign ones in it: its lines stay lines, each of them as <see cref="Shown"/> shows it.</summary>
    public static string Message(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var shown = lines.Take(MostLines).Select(line => Shown(line, LongestLine));
        return string.Join('\n', lines.Length > MostLines ? shown.Append($"… {lines.Length - MostLines} more lines") : shown);
    }

    /// <summary>What a program writes to a terminal, foreign words in it: all that steers is escaped but for what our own colours and progress bars are made of.</summary>
    /// <remarks>The last line of defence: it does not know who wrote a colour. Names and values are to be <see cref="Shown"/> where they are put in.</remarks>
    internal static string OnTerminal(string text)
    {
        if (!NeedsEscape(text))
            return text;
        var shown = new StringBuilder();
        var end = 0;
        foreach (var own in OwnCodes().EnumerateMatches(text))
        {
            Append(shown, text.AsSpan(end, own.Index - end));
            shown.Append(text.AsSpan(own.Index, own.Length));
            end = own.Index + own.Length;
        }
        Append(shown, text.AsSpan(end));
        return shown.ToString();
    }

    // ECMA-48: colours (SGR), up (CUU), erase in line (EL); and showing or hiding the cursor, of DEC.
    [GeneratedRegex(@"[\n\r\t]|\e\[(?:[0-9;]*m|[0-9]*[AK]|\?25[hl])", RegexOptions.CultureInvariant)]
    private static partial Regex OwnCodes();

    private static void Append(StringBuilder shown, ReadOnlySpan<char> text)
    {
        foreach (var rune in text.EnumerateRunes())
            Append(shown, rune);
    }

    // Halves of a surrogate pair come out of the enumeration as U+FFFD.
    private static bool NeedsEscape(string text) => text.EnumerateRunes().Any(Steers);

    private static bool Steers(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static void Append(StringBuilder shown, Rune rune)
    {
        if (!Steers(rune))
            shown.Append(rune.ToString());
        else if (rune.Value <= char.MaxValue)
            shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
        else
            shown.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
    }
}
