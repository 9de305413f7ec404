using System.Text.Json;

namespace FreezeBench.Results;

/// <summary>
/// Files by which a program and the processes that it starts of itself tell each other something: in a folder of their own, and read no less
/// carefully than a user's, since a disk that is full cuts them and a folder may be anybody's.
/// </summary>
public static class OwnFile
{
    /// <summary>Bytes that one may have of which no more is known.</summary>
    public const long LargestBytes = 1 << 20;

    /// <summary>Reads a text.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="mostBytes">That it may have.</param>
    /// <returns>Null where there is none that can be read.</returns>
    public static string? Text(string path, long mostBytes = LargestBytes)
    {
        try
        {
            // The process that writes it may be at it: a reader keeps nobody from that.
            return File.Exists(path) ? RegularFile.ReadAllText(path, mostBytes, FileShare.ReadWrite | FileShare.Delete) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads an object.</summary>
    /// <param name="path">As in <see cref="Text"/>.</param>
    /// <param name="mostBytes">As in <see cref="Text"/>.</param>
    /// <returns>Null where there is none that can be read, or all of it was not written.</returns>
    public static T? Json<T>(string path, long mostBytes = LargestBytes) where T : class
    {
        try
        {
            return Text(path, mostBytes) is { } text ? StrictJson.Read<T>(text) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
