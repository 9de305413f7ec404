using System.Globalization;
using System.Text;

namespace FreezeBench.Results.Tables;

/// <summary>Texts of the result files as Markdown that shows them and obeys none of them.</summary>
internal static class MarkdownText
{
    /// <summary>Characters that can start or end markup within a line: of Markdown, of its tables, of HTML, of formulas, of e-mail links.
    /// What means something at the start of a line alone is not among them, since no text of a file stands there.</summary>
    private const string Special = "\\`*_[]<>|~&$@";

    /// <summary>What a spreadsheet takes for the start of a formula, should somebody paste the table into one.</summary>
    private const string Formula = "=+-@'";

    /// <summary>One line of plain text with every special character escaped; a text that begins like a formula gets an
    /// apostrophe in front, as in the CSV files.</summary>
    internal static string Plain(string text)
    {
        var escaped = new StringBuilder();
        if (text.Length > 0 && Formula.Contains(text[0]))
            escaped.Append('\'');
        foreach (var rune in text.EnumerateRunes())
            Append(escaped, rune);
        // Addresses become links by themselves on GitHub.
        return escaped.Replace("://", "\\://").Replace("www.", "www\\.").ToString();
    }

    /// <summary>A name in a code span where it is one of plain letters, digits, dots, hyphens, underscores and colons (all of FreezeBench's own are),
    /// else escaped text: a code span has no escapes of its own.</summary>
    internal static string Name(string text) =>
        text.Length > 0 && char.IsAsciiLetterOrDigit(text[0]) && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or ':')
            ? $"`{text}`"
            : Plain(text);

    private static void Append(StringBuilder escaped, Rune rune)
    {
        // Line breaks end a table's row, and characters that turn the direction of reading can make a row say something else.
        if (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            escaped.Append(' ');
        else if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format)
            escaped.Append(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");
        else if (rune.IsAscii && Special.Contains((char)rune.Value))
            escaped.Append('\\').Append((char)rune.Value);
        else
            escaped.Append(rune.ToString());
    }
}
