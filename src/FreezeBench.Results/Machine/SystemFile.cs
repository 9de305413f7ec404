using System.Globalization;

namespace FreezeBench.Results.Machine;

/// <summary>Files in which a system publishes facts, such as those below /proc.</summary>
internal static class SystemFile
{
    /// <summary>The whole number that a file begins with; null where there is none.</summary>
    internal static long? Number(string path, NumberStyles style = NumberStyles.None) => Lines(path) is [var text, ..] && long.TryParse(text, style, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The lines, or null where the file is missing or unreadable.</summary>
    internal static IReadOnlyList<string>? Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
