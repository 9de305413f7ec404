namespace FreezeBench.Results.Machine;

/// <summary>Which environments agree in some facts, where older records may not know all of them.</summary>
internal static class FactJoin
{
    /// <summary>Groups of environments whose facts agree, each in ordinal order of the ids, the groups by their first id.</summary>
    /// <remarks>An unknown fact agrees with any, but only where one group alone comes into question: a record that fits two machines
    /// says of neither that it is it, and stays by itself.</remarks>
    /// <param name="environments">In any order; an id that is there twice counts once.</param>
    /// <param name="facts">The facts, as many for each environment; <see cref="Unknown.Text"/> where nobody knows.</param>
    internal static IReadOnlyList<IReadOnlyList<EnvironmentRecord>> Groups(IEnumerable<EnvironmentRecord> environments, Func<EnvironmentRecord, IReadOnlyList<string>> facts)
    {
        // Those that know most come first: the others are to find them.
        var alike = environments.DistinctBy(environment => environment.Id).GroupBy(environment => string.Join('\n', facts(environment)))
            .Select(group => (Facts: facts(group.First()).ToArray(), Members: group.ToList()))
            .OrderBy(group => group.Facts.Count(IsUnknown)).ThenBy(group => group.Members.Min(member => member.Id), StringComparer.Ordinal);
        List<(string[] Facts, List<EnvironmentRecord> Members)> joined = [];
        foreach (var group in alike)
        {
            var candidates = joined.Where(other => other.Facts.Zip(group.Facts).All(pair => IsUnknown(pair.First) || IsUnknown(pair.Second) || pair.First == pair.Second)).ToList();
            if (!group.Facts.Any(IsUnknown) || candidates.Count != 1)
            {
                joined.Add(group);
                continue;
            }
            candidates[0].Members.AddRange(group.Members);
            for (var fact = 0; fact < group.Facts.Length; fact++)
            {
                if (IsUnknown(candidates[0].Facts[fact]))
                    candidates[0].Facts[fact] = group.Facts[fact];
            }
        }
        return [.. joined.Select(group => (IReadOnlyList<EnvironmentRecord>)[.. group.Members.OrderBy(member => member.Id, StringComparer.Ordinal)])
            .OrderBy(group => group[0].Id, StringComparer.Ordinal)];
    }

    private static bool IsUnknown(string fact) => fact == Unknown.Text;
}
