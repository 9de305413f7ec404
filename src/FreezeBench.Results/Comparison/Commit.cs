namespace FreezeBench.Results.Comparison;

/// <summary>Commits as words of a command line.</summary>
internal static class Commit
{
    /// <summary>Fewest digits that name a commit: git's own shortest abbreviation.</summary>
    internal const int FewestDigits = 7;

    /// <summary>Ten digits of a commit.</summary>
    internal static string Short(string commit) => commit.Length > 10 ? commit[..10] : commit;

    /// <summary>Whether a word can be a commit: hexadecimal digits, and not more than a hash has.</summary>
    internal static bool IsHex(string word) => word.Length is > 0 and <= 64 && word.All(char.IsAsciiHexDigit);
}
