using System.Text.Json;
using FreezeBench.Results;
using FreezeBench.Results.Verification;

namespace FreezeBench.Benchmarks.Verifying;

/// <summary>The file by which one process tells another what it has checked: it lives on where the first is killed in the middle.</summary>
internal static class CheckReport
{
    private const string Begun = "begun ";

    /// <summary>Where a process that is ended in the middle leaves word of it.</summary>
    internal static string PathOfWord(string path) => path + ".end";

    internal static void Begin(string path, string name) => File.AppendAllText(path, $"{Begun}{name}\n");

    /// <summary>It has ended.</summary>
    internal static void End(string path, VerifiedCheck check) => File.AppendAllText(path, VerificationFile.Line(check) + "\n");

    /// <summary>What was checked, and the check that has begun and not ended; null: none.</summary>
    internal static (IReadOnlyList<VerifiedCheck> Ended, string? Open) Read(string path)
    {
        List<VerifiedCheck> ended = [];
        string? open = null;
        // The last line may be cut, where the process died in writing it: the check counts as not ended then.
        var whole = OwnFile.Text(path) is { } text && text.LastIndexOf('\n') is >= 0 and var end ? text[..end] : "";
        foreach (var line in whole.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith(Begun, StringComparison.Ordinal))
            {
                open = line[Begun.Length..];
                continue;
            }
            if (Ended(line) is not { } check)
                break;
            ended.Add(check);
            open = null;
        }
        return (ended, open);
    }

    // Null: on a disk that is full a line may lack its end, and the next one its beginning.
    private static VerifiedCheck? Ended(string line)
    {
        try
        {
            return VerificationFile.OfLine(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
