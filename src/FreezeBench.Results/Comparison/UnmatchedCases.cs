using System.Globalization;
using System.Text.Json.Nodes;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Comparison;

/// <summary>Cases without a counterpart, each beside the nearest one of the other side.</summary>
internal sealed record UnmatchedCases(IReadOnlyList<UnlikeCases> Unlike, IReadOnlyList<CaseSettings> BaseOnly, IReadOnlyList<CaseSettings> DiffOnly)
{
    /// <summary>Pairs cases of the same suite, policy and phase, the fewest differences first; each case once.</summary>
    internal static UnmatchedCases Of(IReadOnlyList<CaseSettings> bases, IReadOnlyList<CaseSettings> diffs)
    {
        var namesakes = diffs.ToLookup(settings => (settings.Suite, settings.Name));
        var pairs = bases.SelectMany(first => namesakes[(first.Suite, first.Name)]
                .Select(second => (First: first, Second: second, Differences: first.DifferencesTo(second))))
            .OrderBy(pair => pair.Differences.Count).ThenBy(pair => pair.First.Key, StringComparer.Ordinal)
            .ThenBy(pair => pair.Second.Key, StringComparer.Ordinal);
        HashSet<CaseSettings> taken = [];
        List<(CaseSettings First, IReadOnlyList<SettingDifference> Differences)> matched = [];
        foreach (var pair in pairs.Where(pair => !taken.Contains(pair.First) && !taken.Contains(pair.Second)))
        {
            taken.UnionWith([pair.First, pair.Second]);
            matched.Add((pair.First, pair.Differences));
        }
        return new UnmatchedCases(
            [.. matched.GroupBy(match => string.Join('\n', match.Differences)).Select(group => new UnlikeCases(group.First().Differences, [.. group.Select(match => match.First)]))],
            [.. bases.Where(settings => !taken.Contains(settings)).OrderBy(settings => settings.Key, StringComparer.Ordinal)],
            [.. diffs.Where(settings => !taken.Contains(settings)).OrderBy(settings => settings.Key, StringComparer.Ordinal)]);
    }

    /// <summary>The facts that differ between each two environments whose cases were paired.</summary>
    internal IReadOnlyList<UnlikeEnvironments> Environments(Selection first, Selection second) =>
        [.. Unlike.SelectMany(group => group.Differences).Where(difference => difference.Name == "environment_id").Distinct()
            .Select(difference => new UnlikeEnvironments(difference.Base, difference.Diff,
                Differences(Record(first, difference.Base), Record(second, difference.Diff))))];

    private static EnvironmentRecord? Record(Selection side, string id) => side.Environments.FirstOrDefault(environment => environment.Id == id);

    private static IReadOnlyList<SettingDifference> Differences(EnvironmentRecord? first, EnvironmentRecord? second)
    {
        // A row may name an environment that its folder does not describe: a finding of check, and no reason to fail here.
        if (first is null || second is null)
            return [];
        var (before, after) = (Facts(first), Facts(second));
        return [.. before.Zip(after).Where(pair => pair.First.Value != pair.Second.Value)
            .Select(pair => new SettingDifference(pair.First.Name, pair.First.Value, pair.Second.Value))];
    }

    /// <summary>Every fact of environment.json under its path, for example machine.cpu_model, and the schema version, by which ids
    /// differ too. In today's layout, so that two lists go together: what an older one lacks is unknown.</summary>
    private static List<(string Name, string Value)> Facts(EnvironmentRecord environment) =>
        [("schema_version", environment.SchemaVersion.ToString(CultureInfo.InvariantCulture)),
            .. JsonNode.Parse(EnvironmentFile.Render(environment with { SchemaVersion = EnvironmentRecord.CurrentSchemaVersion }))!.AsObject().Where(part => part.Value is JsonObject)
            .SelectMany(part => part.Value!.AsObject().Select(fact => ($"{part.Key}.{fact.Key}", fact.Value!.ToString())))];
}
