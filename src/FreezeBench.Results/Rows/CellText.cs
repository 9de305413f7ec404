using System.Globalization;
using System.Text;

namespace FreezeBench.Results.Rows;

/// <summary>A cell's text in a message.</summary>
internal static class CellText
{
    private const int LongestShown = 80;

    /// <summary>The text, cut to 80 characters, with control characters as \u escapes: a hostile cell must neither flood
    /// nor steer the terminal that shows the message.</summary>
    internal static string Shown(string text)
    {
        var shown = new StringBuilder();
        foreach (var character in text.Length > LongestShown ? text.AsSpan(0, LongestShown) : text)
        {
            if (char.IsControl(character))
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else
                shown.Append(character);
        }
        return text.Length > LongestShown ? $"{shown}…" : shown.ToString();
    }
}
