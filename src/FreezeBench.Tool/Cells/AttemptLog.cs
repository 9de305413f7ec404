using FreezeBench.Results;

namespace FreezeBench.Tool.Cells;

/// <summary>What a cell's program printed.</summary>
internal static class AttemptLog
{
    /// <summary>Of what is shown of a line, in characters.</summary>
    internal const int LongestLine = 400;

    // Of a log that may be as large as the disk.
    private const int Tail = 1 << 14;

    internal static IReadOnlyList<string> LastLines(string folder, int count) => [.. Lines(folder).TakeLast(count).Select(line => ForeignText.Shown(line, LongestLine))];

    private static List<string> Lines(string folder)
    {
        try
        {
            using var file = RegularFile.OpenRead(Path.Combine(folder, Attempt.LogName), FileShare.ReadWrite);
            file.Position = Math.Max(0, file.Length - Tail);
            using var reader = new StreamReader(file);
            return [.. reader.ReadToEnd().Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
