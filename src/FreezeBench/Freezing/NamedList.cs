using FreezeBench.Results;

namespace FreezeBench.Freezing;

/// <summary>Reads lists of names of a closed set: what a command line gives for policies and strategies.</summary>
internal static class NamedList
{
    /// <summary>Reads a comma-separated list in the user's order, or "all".</summary>
    /// <param name="names">The user's text.</param>
    /// <param name="all">The closed set, in its own order.</param>
    /// <param name="find">The member of an exact name; null: there is none.</param>
    /// <param name="unknown">The message for a name that is none.</param>
    /// <param name="kind">What a member is called at the start of a sentence.</param>
    /// <exception cref="UserErrorException">One line for each name that is unknown, empty or given twice.</exception>
    public static IReadOnlyList<T> Parse<T>(string names, IReadOnlyList<T> all, Func<string, T?> find, Func<string, string> unknown, string kind)
        where T : class
    {
        if (names.Trim() == "all") return all;
        var parts = names.Split(',', StringSplitOptions.TrimEntries);
        List<string> errors = [.. parts.Distinct().Where(part => find(part) is null).Select(unknown)];
        errors.AddRange(parts.CountBy(part => part).Where(part => part.Value > 1 && find(part.Key) is not null)
            .Select(part => $"{kind} '{part.Key}' was given {part.Value} times; once is enough."));
        return errors is [] ? [.. parts.Select(part => find(part)!)] : throw new UserErrorException(string.Join('\n', errors));
    }
}
