using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Comparison;

/// <summary>Compares two machines, or two set-ups or frameworks on one: cases agree in the workload, and how each does it is told.</summary>
internal static class ContenderComparison
{
    internal static ResultComparison Of(ComparedSides compared, ComparisonOptions options)
    {
        if (!compared.IsPair)
            throw new UserErrorException($"{Several(compared, compared.First)}; {Several(compared, compared.Second)}. Name one {(compared.Kind == ComparisonKind.Frameworks ? "machine and framework" : "machine")} a side, or let freezebench rank show them all.");
        Contender[] contenders = [Side(compared, compared.First), Side(compared, compared.Second)];
        return Of(compared.Kind, (compared.First.Name, compared.Second.Name), contenders,
            compared.Kind == ComparisonKind.Frameworks ? AcrossFrameworks(contenders, CaseSettings.Workload) : (_, row) => [CaseSettings.Workload(row)], options);
    }

    /// <summary>The same of contenders that are known.</summary>
    /// <param name="kind">What they are.</param>
    /// <param name="words">By which they were chosen.</param>
    /// <param name="contenders">Two.</param>
    /// <param name="alike">The cases that a row of a contender stands for.</param>
    /// <param name="options">Thresholds.</param>
    internal static ResultComparison Of(ComparisonKind kind, (string Base, string Diff) words, IReadOnlyList<Contender> contenders, Func<Contender, BenchmarkRow, IEnumerable<CaseSettings>> alike, ComparisonOptions options)
    {
        var workloads = WorkloadRuns.Of(contenders, alike);
        var shared = workloads.Where(workload => !workload.Runs.Contains(null)).ToList();
        if (kind == ComparisonKind.Setups)
            contenders = ContenderFacts.NamedByFacts(contenders, shared);
        var libtorch = kind == ComparisonKind.Setups ? null : ContenderFacts.Libtorch(contenders, shared);
        var spreads = contenders.Select((_, place) => LaunchSpread.OfSides(shared.Select(workload => workload.Runs[place]!.Side), options)).ToList();
        var noise = new RunNoise(spreads[0], spreads[1]);
        var unmatched = UnmatchedCases.Of(WorkloadRuns.Alone(workloads, 0), WorkloadRuns.Alone(workloads, 1));
        return new ResultComparison
        {
            Kind = kind,
            Base = words.Base,
            Diff = words.Diff,
            BaseName = contenders[0].Name,
            DiffName = contenders[1].Name,
            BaseLibtorch = libtorch?[0],
            DiffLibtorch = libtorch?[1],
            Where = kind == ComparisonKind.Machines ? null : contenders[0].Machine.Name,
            Options = options,
            Cases = CaseOrder.WorstFirst(shared.Select(workload => CaseJudge.Judge(workload.Settings, workload.Runs[0]!.Side, workload.Runs[1]!.Side, noise, options))),
            Overall = OverallRatio.Of(shared.Select(workload => (workload.Settings, workload.Runs[0]!.Side, workload.Runs[1]!.Side)), noise, options),
            Unlike = unmatched.Unlike,
            Environments = [],
            BaseOnly = unmatched.BaseOnly,
            DiffOnly = unmatched.DiffOnly,
            LeftOutRuns = [.. shared.SelectMany(workload => workload.Runs).SelectMany(runs => runs!.Side.LeftOutRuns).Distinct().Order(StringComparer.Ordinal)],
            Spreads = [.. contenders.Zip(spreads, (contender, spread) => (contender.Name, spread)).OrderBy(pair => pair.Name, StringComparer.Ordinal)],
            Remarks =
            [
                .. ContenderRemarks.Of(contenders, shared, options),
                .. kind == ComparisonKind.Machines ? [] : NodeRemarks.OfSides([.. shared.SelectMany(workload => workload.Runs[0]!.Runs)], [.. shared.SelectMany(workload => workload.Runs[1]!.Runs)]),
            ],
        };
    }

    /// <summary>What must be alike, without framework. A case that has no kernels of ours but its own stands beside each kind of ours.</summary>
    internal static Func<Contender, BenchmarkRow, IEnumerable<CaseSettings>> AcrossFrameworks(IReadOnlyList<Contender> contenders, Func<BenchmarkCase, CaseSettings> alike)
    {
        KernelKind[] ours = [.. contenders.SelectMany(contender => contender.Cases).Where(measured => measured.Row.Framework == NamedCase.OwnFramework).Select(measured => measured.Row.Kernels).Distinct().Order()];
        return (_, row) =>
        {
            var workload = alike(row) with { Framework = null };
            return row.Framework == NamedCase.OwnFramework || ours.Length == 0 ? [workload] : ours.Select(kernels => workload with { Kernels = kernels });
        };
    }

    private static Contender Side(ComparedSides compared, Selection side)
    {
        var machine = Contender.OfMachines(side, compared.Machines)[0];
        return compared.Kind != ComparisonKind.Frameworks ? machine : machine with { Name = ComparedSides.FrameworksOf(side)[0] };
    }

    private static string Several(ComparedSides compared, Selection side) =>
        $"{side.Name} has rows of {string.Join(" and of ", compared.MachinesOf(side))} ({string.Join(", ", ComparedSides.FrameworksOf(side))})";
}
