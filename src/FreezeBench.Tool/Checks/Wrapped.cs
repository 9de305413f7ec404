using FreezeBench.Results.Tables;

namespace FreezeBench.Tool.Checks;

/// <summary>Text in lines of at most 80 columns, as the library breaks it.</summary>
internal static class Wrapped
{
    internal const int Columns = WrappedText.Columns;

    /// <summary>As <see cref="WrappedText.Lines"/>.</summary>
    internal static IEnumerable<string> Lines(string first, int indent, string text) => WrappedText.Lines(first, indent, text);
}
