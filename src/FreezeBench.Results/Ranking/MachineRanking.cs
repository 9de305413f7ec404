using FreezeBench.Results.Comparison;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Ranking;

/// <summary>Machines by workload, the fastest first; or set-ups or frameworks on one machine.</summary>
public sealed record MachineRanking
{
    /// <summary>Machines, set-ups or frameworks.</summary>
    public required ComparisonKind Kind { get; init; }

    /// <summary>Over all workloads that count, the fastest first; those without a rank last.</summary>
    public required IReadOnlyList<RankedContender> Overall { get; init; }

    /// <summary>Workloads that two contenders or more have, by their settings.</summary>
    public required IReadOnlyList<RankedWorkload> Workloads { get; init; }

    /// <summary>Workloads that one contender alone has.</summary>
    public required int Unshared { get; init; }

    /// <summary>What was chosen and what differs: sentences.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>Version of libtorch, or of PyTorch, of each contender where two differ in it, in words; else null.</summary>
    public string? Libtorch { get; init; }

    /// <summary>What it is made of.</summary>
    public required RankingOptions Options { get; init; }

    /// <summary>Ranks the machines of a side, or the set-ups of its only one; a machine's commits, settings and ids need not be chosen.</summary>
    /// <exception cref="UserErrorException">An option is not valid; fewer than two machines have rows that count, or no two share a workload.</exception>
    public static MachineRanking OfMachines(Selection side, RankingOptions options)
    {
        var kept = side with { Cases = [.. side.Cases.Where(measured => options.Has(measured.Row))] };
        if (kept.Cases.Count == 0)
            throw new UserErrorException($"{side.Name} holds no row to rank{Words(options)}; it has rows of {string.Join(", ", side.Cases.Select(measured => $"{measured.Row.Framework} {measured.Row.Kernels.Word()}").Distinct().Order(StringComparer.Ordinal).DefaultIfEmpty("nothing"))}.");
        var machines = Contender.OfMachines(kept, KnownMachines.Of(side.Environments));
        return machines is [var only] && only.Setups() is { Count: > 1 } setups ? Of(setups, ComparisonKind.Setups, options) : Of(machines, ComparisonKind.Machines, options);
    }

    /// <summary>Ranks contenders.</summary>
    /// <exception cref="UserErrorException">As above.</exception>
    public static MachineRanking Of(IReadOnlyList<Contender> contenders, ComparisonKind kind, RankingOptions options)
    {
        var limits = options.Comparison.Validated();
        if (contenders.Count < 2)
            throw new UserErrorException($"There are rows of one set-up of one machine alone{Words(options)}, {contenders[0].Name}: a ranking needs two or more. freezebench merge adds the rows of another machine.");
        var all = WorkloadRuns.Of(contenders, kind == ComparisonKind.Frameworks ? ContenderComparison.AcrossFrameworks(contenders, CaseSettings.Workload) : (_, row) => [CaseSettings.Workload(row)]);
        var shared = all.Where(workload => workload.Runs.Count(runs => runs is not null) > 1).ToList();
        if (shared.Count == 0)
            throw new UserErrorException($"No two of {string.Join("; ", contenders.Select(contender => contender.Name))} have a workload in common{Words(options)}: network, sizes, precision, kernels and framework must be equal. Measure the standard workloads on each.");
        if (kind == ComparisonKind.Setups)
            contenders = ContenderFacts.NamedByFacts(contenders, shared);
        var spreads = contenders.Select((_, place) => LaunchSpread.OfSides(
            shared.Select(workload => workload.Runs[place]).OfType<ChosenRuns>().Select(runs => runs.Side), limits)).ToList();
        return new MachineRanking
        {
            Kind = kind,
            Overall = new OverallRanking(contenders, shared, spreads, limits).Sorted(),
            Workloads = [.. shared.Select(workload => Ranked(workload, contenders, spreads, limits))],
            Unshared = all.Count - shared.Count,
            Libtorch = kind != ComparisonKind.Setups && ContenderFacts.Libtorch(contenders, shared) is { } versions
                ? string.Join("; ", contenders.Zip(versions).GroupBy(pair => pair.Second).Select(same => $"libtorch {(same.Key.Length == 0 ? Unknown.Text : same.Key)} on {string.Join(" and ", same.Select(pair => pair.First.Name))}")) : null,
            Remarks = ContenderRemarks.Of(contenders, shared, limits),
            Options = options,
        };
    }

    private static RankedWorkload Ranked(WorkloadRuns workload, IReadOnlyList<Contender> contenders, List<LaunchSpread> spreads, ComparisonOptions options)
    {
        var sorted = Enumerable.Range(0, contenders.Count).Where(place => workload.Runs[place] is not null).OrderBy(place => workload.Runs[place]!.Side.CentreMs).ToList();
        BoundedEstimate? Between(int first, int second) =>
            CaseJudge.Judge(workload.Settings, workload.Runs[first]!.Side, workload.Runs[second]!.Side, new RunNoise(spreads[first], spreads[second]), options).Ratio;
        var ranks = Ranks.Of(sorted, (first, second) => Between(first, second) ?? new BoundedEstimate(1, null, null, options.Confidence));
        return new RankedWorkload(workload.Settings, [.. sorted.Select((place, index) =>
            new RankedTime(contenders[place], workload.Runs[place]!, index == 0 ? null : Between(sorted[0], place), ranks[index]))]);
    }

    private static string Words(RankingOptions options)
    {
        string?[] words = [options.Framework is { } framework ? $"framework {framework}" : null, options.Kernels is { } kernels ? $"{kernels.Word()} kernels" : null];
        return words.OfType<string>().ToList() is { Count: > 0 } told ? $" ({string.Join(", ", told)})" : "";
    }
}
