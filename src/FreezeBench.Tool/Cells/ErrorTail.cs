using FreezeBench.Results;

namespace FreezeBench.Tool.Cells;

/// <summary>The error that ended a program, from one of its streams: what it prints to the other one comes at any moment, also in the middle.</summary>
internal sealed class ErrorTail
{
    // How both programs begin what ends them: a request that cannot be carried out, a run that failed.
    private static readonly string[] errorWords = ["Error: ", "Failed: "];

    private string? text;

    /// <summary>The last error and what followed it, in one line; null: there was none.</summary>
    internal string? Text => text is { } all ? ForeignText.Shown(all, AttemptLog.LongestLine) : null;

    /// <summary>Takes the next line; lines of one stream come one after the other.</summary>
    internal void Add(string line)
    {
        if (errorWords.FirstOrDefault(word => line.StartsWith(word, StringComparison.Ordinal)) is { } word)
            text = line[word.Length..].TrimEnd();
        else if (text?.Length <= AttemptLog.LongestLine && line.TrimEnd() is { Length: > 0 } more)
            text += " " + more;
    }
}
