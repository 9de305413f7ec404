namespace FreezeBench.Results.Machine;

/// <summary>Files in which a system publishes facts, such as those below /proc.</summary>
internal static class SystemFile
{
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
