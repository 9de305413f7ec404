using System.Globalization;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Comparison;

/// <summary>How contenders do what they share: the way (threads, memory format), and the software.</summary>
internal static class ContenderFacts
{
    private static readonly IReadOnlyList<(string Name, Func<CaseSettings, string?> Value, Func<string, string> Words)> ways =
    [
        ("threads", settings => settings.Threads?.ToString(CultureInfo.InvariantCulture), value => value == "1" ? "1 thread" : $"{value} threads"),
        ("memory format", settings => settings.MemoryFormat, value => value),
        ("cuDNN autotuning", settings => settings.CudnnAutotune, value => $"cuDNN autotuning {value}"),
        ("device", settings => settings.DeviceKind, value => value),
    ];

    /// <summary>The facts in which contenders differ: what it is, and the value of each; an empty one is unknown.</summary>
    /// <param name="contenders">Two or more.</param>
    /// <param name="workloads">Of their rows, those that are compared.</param>
    internal static IReadOnlyList<(string Name, IReadOnlyList<string> Values)> Differing(IReadOnlyList<Contender> contenders, IReadOnlyList<WorkloadRuns> workloads)
    {
        var facts = contenders.Select((contender, place) => Of(contender, [.. workloads.Select(workload => workload.Runs[place]).OfType<ChosenRuns>().SelectMany(runs => runs.Runs)])).ToList();
        return
        [
            .. facts[0].Keys.Select(name => (Name: name, Values: (IReadOnlyList<string>)facts.ConvertAll(of => of[name])))
                .Where(fact => fact.Values.Where(value => value.Length > 0).Distinct().Count() > 1),
        ];
    }

    /// <summary>The version of libtorch, or of PyTorch, of each contender where two differ in it; else null.</summary>
    internal static IReadOnlyList<string>? Libtorch(IReadOnlyList<Contender> contenders, IReadOnlyList<WorkloadRuns> workloads) =>
        Differing(contenders, workloads).FirstOrDefault(fact => fact.Name == MachineFactsShown.Libtorch).Values;

    /// <summary>Set-ups of one machine, each called by what it has and another has not.</summary>
    internal static IReadOnlyList<Contender> NamedByFacts(IReadOnlyList<Contender> contenders, IReadOnlyList<WorkloadRuns> workloads)
    {
        var facts = Differing(contenders, workloads);
        var names = contenders.Select((_, place) => string.Join(", ", facts.Select(fact => Words(fact.Name, fact.Values[place])))).ToList();
        return [.. contenders.Select((contender, place) => names[place].Length == 0 ? contender
            : contender with { Name = names.Count(name => name == names[place]) == 1 ? names[place] : $"{names[place]} ({contender.Name})" })];
    }

    private static string Words(string name, string value) => value.Length == 0 ? $"unknown {name}"
        : ways.FirstOrDefault(way => way.Name == name) is { Words: { } words } ? words(value)
        : MachineFactsShown.Words(name, value);

    private static OrderedDictionary<string, string> Of(Contender contender, IReadOnlyList<MeasuredCase> cases)
    {
        OrderedDictionary<string, string> facts = [];
        foreach (var (name, value, _) in ways)
            facts[name] = Joined(cases.Select(measured => value(CaseSettings.Comparable(measured.Row))).OfType<string>());
        var used = cases.Select(measured => measured.Row.EnvironmentId).ToHashSet();
        var software = contender.Machine.Environments.Where(record => used.Contains(record.Id)).SelectMany(MachineFactsShown.Software).ToLookup(fact => fact.Name, fact => fact.Value);
        foreach (var name in MachineFactsShown.SoftwareNames)
            facts[name] = Joined(software[name]);
        return facts;
    }

    private static string Joined(IEnumerable<string> values) => string.Join("/", values.Select(value => string.Concat(value.Select(character => char.IsControl(character) ? ' ' : character))).Distinct().Order(StringComparer.Ordinal));
}
