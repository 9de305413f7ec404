using System.Globalization;
using FreezeBench.Results.Checks;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Comparison;

/// <summary>Turns a word of the command line into a side of a comparison.</summary>
/// <param name="resultsFolder">Where environment ids and commits are looked up; it need not exist until one is.</param>
public sealed class SelectionFinder(string resultsFolder)
{
    /// <summary>What a word may be, for <c>--help</c> and for the message about one that is not.</summary>
    public const string ValidWords = "a results folder, an environment's folder, an environment id, a commit (7 digits or more), or FOLDER@COMMIT";

    private readonly Lazy<ResultSet?> results = new(() => Directory.Exists(resultsFolder) ? CheckedResults.Load(resultsFolder) : null);

    /// <summary>The rows that <paramref name="word"/> names.</summary>
    /// <exception cref="UserErrorException">It names nothing, or two things; with a list of what is there.</exception>
    public Selection Find(string word)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(word);
        var at = word.LastIndexOf('@');
        if (at > 0 && !Directory.Exists(word))
            return AtCommit(word, Whole(word[..at]) ?? throw Unknown(word[..at]), word[(at + 1)..]);

        var whole = Whole(word);
        var commits = Commit.IsHex(word) && word.Length >= Commit.FewestDigits ? CommitsOf(results.Value, word) : [];
        if (whole is not null && commits.Count > 0)
            throw new UserErrorException($"'{word}' is a folder and a commit ({Commit.Short(commits[0])}). Write .{Path.DirectorySeparatorChar}{word} for the folder, or {resultsFolder}@{word} for the commit.");
        if (whole is not null)
            return Selection.Of(word, whole);
        return commits.Count > 0 ? AtCommit(word, results.Value!, word) : throw Unknown(word);
    }

    /// <summary>A folder, or an environment of the results folder.</summary>
    private ResultSet? Whole(string word)
    {
        if (Directory.Exists(word))
            return CheckedResults.Load(word);
        var environments = results.Value?.Environments.Where(environment => environment.Environment.Id == word).ToList() ?? [];
        return environments.Count > 0 ? new ResultSet(environments) : null;
    }

    private static Selection AtCommit(string word, ResultSet set, string commit)
    {
        if (!Commit.IsHex(commit) || commit.Length < Commit.FewestDigits)
            throw new UserErrorException($"{word}: '{commit}' is no commit; {Commit.FewestDigits} hexadecimal digits or more are needed. There are:\n{Inventory(set)}");
        var commits = CommitsOf(set, commit);
        return commits.Count switch
        {
            1 => Selection.Of(word, set, measured => measured.Row.Commit == commits[0]),
            0 => throw new UserErrorException($"{word}: no benchmark was measured at the commit {commit}. There are:\n{Inventory(set)}"),
            _ => throw new UserErrorException($"{word}: {commits.Count} commits begin with {commit}: {string.Join(", ", commits)}. Write more digits."),
        };
    }

    private static List<string> CommitsOf(ResultSet? set, string digits) =>
        [.. (set?.Environments ?? []).SelectMany(environment => environment.Cases).Select(measured => measured.Row.Commit)
            .Where(commit => commit.StartsWith(digits, StringComparison.OrdinalIgnoreCase)).Distinct().Order(StringComparer.Ordinal)];

    private UserErrorException Unknown(string word)
    {
        var what = Commit.IsHex(word) && word.Length < Commit.FewestDigits
            ? $"'{word}' is no folder, and a commit needs {Commit.FewestDigits} digits or more."
            : $"'{word}' is no folder, and {resultsFolder} has no environment and no commit of that name.";
        var there = results.Value is { } set ? $"In {resultsFolder} there are:\n{Inventory(set)}" : $"The folder {resultsFolder} does not exist; --results names another.";
        return new UserErrorException($"{what} Give {ValidWords}. {there}");
    }

    /// <summary>Environments and their commits, the newest last.</summary>
    private static string Inventory(ResultSet set) => string.Join('\n', set.Environments.SelectMany(environment => environment.Cases
        .GroupBy(measured => measured.Row.Commit)
        .OrderBy(rows => rows.Max(row => row.Row.UtcTime)).ThenBy(rows => rows.Key, StringComparer.Ordinal)
        .Select(rows => string.Create(CultureInfo.InvariantCulture, $"  commit {Commit.Short(rows.Key)}: {Count(rows.Count(), "row")} in {Count(rows.Select(row => row.Row.RunId).Distinct().Count(), "run")}, {rows.Max(row => row.Row.UtcTime):yyyy-MM-dd}"))
        .DefaultIfEmpty("  no benchmark")
        .Prepend($"environment {environment.Environment.Id}")));

    private static string Count(int number, string noun) => string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");
}
