namespace FreezeBench.Results.Rows;

/// <summary>A cell's text in a message.</summary>
internal static class CellText
{
    private const int LongestShown = 80;

    /// <summary>The text, cut to 80 characters, with control characters as \u escapes: a hostile cell must neither flood
    /// nor steer the terminal that shows the message.</summary>
    internal static string Shown(string text) => ForeignText.Shown(text, LongestShown);
}
