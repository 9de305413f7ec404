using FreezeBench.Results.Verification;

namespace FreezeBench.Benchmarks.Verifying;

/// <summary>The file by which one process tells another what it has checked: it lives on where the first is killed in the middle.</summary>
internal static class CheckReport
{
    private const string Begun = "begun ";

    /// <summary>A check begins.</summary>
    internal static void Begin(string path, string name) => File.AppendAllText(path, $"{Begun}{name}\n");

    /// <summary>It has ended.</summary>
    internal static void End(string path, VerifiedCheck check) => File.AppendAllText(path, VerificationFile.Line(check) + "\n");

    /// <summary>What was checked, and the check that has begun and not ended; null: none.</summary>
    internal static (IReadOnlyList<VerifiedCheck> Ended, string? Open) Read(string path)
    {
        List<VerifiedCheck> ended = [];
        string? open = null;
        // The last line may be cut, where the process died in writing it: the check counts as not ended then.
        var whole = File.Exists(path) && Text(path) is var text && text.LastIndexOf('\n') is >= 0 and var end ? text[..end] : "";
        foreach (var line in whole.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith(Begun, StringComparison.Ordinal))
            {
                open = line[Begun.Length..];
                continue;
            }
            ended.Add(VerificationFile.OfLine(line));
            open = null;
        }
        return (ended, open);
    }

    // The other process may be writing, which Windows allows beside a reader that does.
    private static string Text(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}
