using FreezeBench.Results;

namespace FreezeBench.Tool.Cells;

/// <summary>What a cell's program printed.</summary>
internal static class AttemptLog
{
    private const int LongestLine = 400;

    // Of a log that may be as large as the disk.
    private const int Tail = 1 << 14;

    // How both programs begin what ends them: a request that cannot be carried out, a run that failed.
    private static readonly string[] errorWords = ["Error: ", "Failed: "];

    internal static IReadOnlyList<string> LastLines(string folder, int count) => [.. Lines(folder).TakeLast(count).Select(line => ForeignText.Shown(line, LongestLine))];

    /// <summary>The error that ended the program, in one line; null: it said none.</summary>
    internal static string? LastError(string folder)
    {
        var lines = Lines(folder);
        var first = lines.FindLastIndex(line => errorWords.Any(word => line.StartsWith(word, StringComparison.Ordinal)));
        if (first < 0)
            return null;
        var text = string.Join(' ', lines.Skip(first));
        return ForeignText.Shown(text[(text.IndexOf(": ", StringComparison.Ordinal) + 2)..], LongestLine);
    }

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
