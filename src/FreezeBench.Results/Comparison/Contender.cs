using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Comparison;

/// <summary>What is set beside others: all rows of one machine, or of one framework on it, whatever their commits and settings.</summary>
public sealed record Contender
{
    /// <summary>What people call it, unlike that of every other contender.</summary>
    public required string Name { get; init; }

    /// <summary>Where it was measured.</summary>
    public required KnownMachine Machine { get; init; }

    /// <summary>Its rows with their samples.</summary>
    public required IReadOnlyList<MeasuredCase> Cases { get; init; }

    /// <inheritdoc cref="Selection.RemarkedRuns"/>
    public IReadOnlySet<string> RemarkedRuns { get; init; } = new HashSet<string>();

    /// <summary>A side as a whole, whatever its machines.</summary>
    internal static Contender Of(Selection side) => new() { Name = side.Name, Machine = new KnownMachine { Name = side.Name, Ids = [], Environments = [] }, Cases = side.Cases, RemarkedRuns = side.RemarkedRuns };

    /// <summary>A contender for every machine of a side, by the machines' order.</summary>
    public static IReadOnlyList<Contender> OfMachines(Selection side, KnownMachines machines) =>
    [
        .. side.Cases.GroupBy(measured => machines.Of(measured.Row.EnvironmentId).Ids[0]).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new Contender { Name = machines.Of(group.Key).Name, Machine = machines.Of(group.Key), Cases = [.. group], RemarkedRuns = side.RemarkedRuns }),
    ];

    /// <summary>Its set-ups: rows of one software and as many threads each, by their settings.</summary>
    internal IReadOnlyList<Contender> Setups() =>
        [.. Cases.GroupBy(measured => (Software: SoftwareOf(measured.Row), measured.Row.Threads)).OrderBy(group => group.Key.Software, StringComparer.Ordinal).ThenBy(group => group.Key.Threads).Select(group => this with { Cases = [.. group] })];

    internal IReadOnlyList<string> Frameworks => [.. Cases.Select(measured => measured.Row.Framework).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>One of its frameworks by itself, called by the framework's name.</summary>
    internal Contender Of(string framework) => this with { Name = framework, Cases = [.. Cases.Where(measured => measured.Row.Framework == framework)] };

    /// <summary>The software of an environment as far as it can change a speed; its runs are told apart from those of another.</summary>
    internal string SoftwareOf(BenchmarkRow row) => RecordOf(row) is { } record ? string.Join('\n', MachineFactsShown.Software(record).Select(fact => fact.Value)) : row.EnvironmentId;

    private EnvironmentRecord? RecordOf(BenchmarkRow row) => Machine.Environments.FirstOrDefault(environment => environment.Id == row.EnvironmentId);
}
