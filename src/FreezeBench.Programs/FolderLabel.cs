using System.Globalization;
using System.Text;
using FreezeBench.Images.Folders;

namespace FreezeBench.Programs;

/// <summary>What <c>imagefolder:PATH</c> means, the same for every program.</summary>
public static class FolderLabel
{
    /// <summary>The path in <c>imagefolder:PATH</c>; null for the sets known by name.</summary>
    public static string? FolderOf(string dataset) =>
        dataset.StartsWith(ImageFileNames.Prefix, StringComparison.Ordinal) ? dataset[ImageFileNames.Prefix.Length..] : null;

    /// <summary>What rows call a set where the user gives no label: no path of his machine in a committed file.</summary>
    public static string Of(string dataset) => FolderOf(dataset) is { } folder ? "imagefolder-" + Plain(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))) : dataset;

    // Letters of every script stay, or two folders would share a name.
    private static string Plain(string name)
    {
        var plain = new StringBuilder();
        foreach (var rune in name.ToLower(CultureInfo.InvariantCulture).Normalize().EnumerateRunes())
            plain.Append(Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark ? rune.ToString() : "-");
        return plain.ToString();
    }
}
