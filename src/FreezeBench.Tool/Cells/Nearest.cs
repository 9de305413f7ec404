namespace FreezeBench.Tool.Cells;

/// <summary>What somebody may have meant by a word that nobody knows.</summary>
internal static class Nearest
{
    /// <summary>Such as <c> Did you mean 'policies'?</c>; empty where no known word is near.</summary>
    /// <param name="word">Unknown.</param>
    /// <param name="known">All that would be right.</param>
    internal static string Hint(string word, IEnumerable<string> known)
    {
        var nearest = known.Select(candidate => (candidate, Distance: Distance(word, candidate))).OrderBy(pair => pair.Distance).FirstOrDefault();
        // A third of the letters: beyond that a suggestion is a guess.
        return nearest.candidate is { } name && nearest.Distance <= Math.Max(1, Math.Min(word.Length, name.Length) / 3) ? $" Did you mean '{name}'?" : "";
    }

    /// <summary>Letters to add, drop or change (Levenshtein, 1966), by rows of Wagner and Fischer's table.</summary>
    private static int Distance(string first, string second)
    {
        var row = Enumerable.Range(0, second.Length + 1).ToArray();
        for (var i = 1; i <= first.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= second.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (first[i - 1] == second[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }
}
