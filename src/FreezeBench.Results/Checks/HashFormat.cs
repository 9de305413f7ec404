using FreezeBench.Results.Machine;

namespace FreezeBench.Results.Checks;

/// <summary>How a column's hashes look. A spreadsheet makes another number of one that it takes for a number, such as 6.53E+39.</summary>
/// <param name="Name">What it is, with its article.</param>
/// <param name="Lengths">Digits that it may have.</param>
internal sealed record HashFormat(string Name, params IReadOnlyList<int> Lengths)
{
    private static readonly HashFormat sha256 = new("SHA-256", 64), node = new("machine's number", 8);

    /// <summary>Of a commit. Repositories of git's newer kind have 64 digits.</summary>
    internal static HashFormat Commit { get; } = new("commit", 40, 64);

    /// <summary>Of a column by its name; null: it has no hashes.</summary>
    internal static HashFormat? Of(string column) => column switch
    {
        "commit" => Commit,
        "node" => node,
        "data_hash" => sha256,
        _ when column.EndsWith("_sha256", StringComparison.Ordinal) => sha256,
        _ => null,
    };

    /// <summary>What is wrong with a text; null: it is such a hash, or unknown.</summary>
    internal string? FaultOf(string text) => text == Unknown.Text || (Lengths.Contains(text.Length) && text.All(char.IsAsciiHexDigitLower)) ? null
        : $"'{ForeignText.Shown(text)}' is no {Name}, which has {string.Join(" or ", Lengths)} lower-case hexadecimal digits.";
}
