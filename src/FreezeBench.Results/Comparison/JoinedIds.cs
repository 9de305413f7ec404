using FreezeBench.Results.Machine;

namespace FreezeBench.Results.Comparison;

/// <summary>Two ids of one environment: their records say the same of everything that can change a speed.</summary>
/// <param name="Kept">The id on the side of BASE.</param>
/// <param name="Renamed">The id on the side of DIFF.</param>
/// <param name="IsCertain">Whether both records know all of it; else the two may be unlike machines.</param>
internal sealed record JoinedIds(string Kept, string Renamed, bool IsCertain)
{
    /// <summary>That they were joined, in a sentence.</summary>
    internal string Note => IsCertain
        ? $"{Kept} and {Renamed} are one environment: what sets the ids apart changes no speed."
        : $"{Kept} and {Renamed} are taken for one environment, although one does not know all that tells CPUs apart: nothing is called worse or better by it.";

    /// <summary>DIFF with the ids of BASE.</summary>
    /// <remarks>An id that both sides have stays: its rows have a partner already. So does one that could be joined with several.</remarks>
    internal static (Selection Second, IReadOnlyList<JoinedIds> Joined) Of(Selection first, Selection second)
    {
        var (mine, theirs) = (Ids(first), Ids(second));
        Dictionary<string, JoinedIds> renamed = [];
        var records = first.Environments.Concat(second.Environments).Where(record => mine.Contains(record.Id) != theirs.Contains(record.Id));
        foreach (var group in FactJoin.Groups(records, Facts))
        {
            if (group.Count != 2 || mine.Contains(group[0].Id) == mine.Contains(group[1].Id))
                continue;
            var (old, other) = mine.Contains(group[0].Id) ? (group[0].Id, group[1].Id) : (group[1].Id, group[0].Id);
            renamed.Add(other, new JoinedIds(old, other, Facts(group[0]).SequenceEqual(Facts(group[1]))));
        }
        return renamed.Count == 0 ? (second, []) : (second with
        {
            Cases = [.. second.Cases.Select(measured => renamed.TryGetValue(measured.Row.EnvironmentId, out var joined) ? measured with { Row = measured.Row with { EnvironmentId = joined.Kept } } : measured)],
        }, [.. renamed.Values.OrderBy(joined => joined.Kept, StringComparer.Ordinal)]);
    }

    private static HashSet<string> Ids(Selection side) => [.. side.Cases.Select(measured => measured.Row.EnvironmentId)];

    /// <summary>The lines of today's id, the version's apart.</summary>
    private static IReadOnlyList<string> Facts(EnvironmentRecord record) =>
        [.. EnvironmentId.Canonical(record with { SchemaVersion = EnvironmentRecord.CurrentSchemaVersion }).TrimEnd('\n').Split('\n').Skip(1).Select(line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..])];
}
