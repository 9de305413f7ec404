using System.Globalization;
using System.Text;

namespace FreezeBench.Tool.Elements;

/// <summary>Makes a text safe to stand anywhere in the page.</summary>
internal static class Escaping
{
    /// <summary>The text with HTML's five special characters as references, for content and for quoted attributes alike.
    /// Characters that nobody sees but that change what is seen are written out, as [U+202E]: controls, and the marks that turn
    /// the direction of reading, with which a name can pose as another.</summary>
    internal static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && text.AsSpan().IndexOfAny("&<>\"'") < 0)
            return text;
        var result = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => result.Append("&amp;"),
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '"' => result.Append("&quot;"),
                '\'' => result.Append("&#39;"),
                '\n' or '\t' => result.Append(' '),
                _ when IsUnseen(rune) => result.Append(CultureInfo.InvariantCulture, $"[U+{rune.Value:X4}]"),
                _ => result.Append(rune.ToString()),
            };
        }
        return result.ToString();
    }

    private static bool IsUnseen(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
