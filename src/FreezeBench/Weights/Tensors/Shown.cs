using System.Globalization;
using System.Text;

namespace FreezeBench.Weights.Tensors;

/// <summary>Text out of an untrusted file, made safe for a message: a terminal acts on control characters.</summary>
internal static class Shown
{
    // Longer than any name in torchvision's files; a hostile name can be as long as the file.
    private const int MostCharacters = 120;
    private const int MostItems = 20;

    /// <summary>In quotes, with control and formatting characters as \u escapes, cut off where it is long.</summary>
    public static string Name(string text)
    {
        var shown = new StringBuilder("'");
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, MostCharacters)))
        {
            if (char.IsLetterOrDigit(character) || character is >= ' ' and <= '~') shown.Append(character);
            else shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
        }
        return shown.Append(text.Length > MostCharacters ? "...'" : "'").ToString();
    }

    /// <summary>Items with commas between them, and how many more there are after the first twenty.</summary>
    public static string List(IReadOnlyCollection<string> items) => items.Count <= MostItems
        ? string.Join(", ", items)
        : $"{string.Join(", ", items.Take(MostItems))} and {items.Count - MostItems} more";

    /// <summary>A shape as torch writes it: <c>[64, 3, 7, 7]</c>.</summary>
    public static string Shape(IReadOnlyList<long> shape) => $"[{string.Join(", ", shape)}]";
}
