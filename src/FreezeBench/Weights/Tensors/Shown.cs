using FreezeBench.Results;

namespace FreezeBench.Weights.Tensors;

/// <summary>Text out of an untrusted file, made safe for a message: a terminal acts on control characters.</summary>
internal static class Shown
{
    private const int MostItems = 20;

    /// <summary>In quotes, with control and formatting characters as \u escapes, cut off where it is long.</summary>
    public static string Name(string text) => $"'{ForeignText.Shown(text)}'";

    /// <summary>Items with commas between them, and how many more there are after the first twenty.</summary>
    public static string List(IReadOnlyCollection<string> items) => items.Count <= MostItems
        ? string.Join(", ", items)
        : $"{string.Join(", ", items.Take(MostItems))} and {items.Count - MostItems} more";

    /// <summary>A shape as torch writes it: <c>[64, 3, 7, 7]</c>.</summary>
    public static string Shape(IReadOnlyList<long> shape) => $"[{string.Join(", ", shape)}]";
}
