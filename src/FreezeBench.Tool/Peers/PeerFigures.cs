using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Tool.Peers;

/// <summary>One figure for each run of a case, and the cases that are made of several rows.</summary>
internal static class PeerFigures
{
    /// <summary>Epochs of <see cref="CachedEpochs"/>: what a head usually needs.</summary>
    internal const int Epochs = 10;

    private const string ManyEpochs = "10 epochs";

    private const string CachedPolicy = "frozen-cached";
    private const string FrozenPolicy = "frozen";
    private const string EpochPhase = "epoch";
    private const string ExtractionPhase = "feature_extraction";
    private const string StepPhase = "step";
    private const string MemoryEnd = ": peak MiB";
    private const string StepMemory = StepPhase + MemoryEnd;
    private const string EpochMemory = EpochPhase + MemoryEnd;
    private const double BytesOfMebibyte = 1 << 20;

    /// <summary>The policy of <see cref="CachedEpochs"/>.</summary>
    internal const string CachedAgainstFrozen = $"{CachedPolicy}/{FrozenPolicy}";

    /// <summary>Whether a phase is all of a step or of some epochs: everything of which the others are parts or a second look.</summary>
    internal static bool IsWhole(string? phase) => phase is StepPhase or EpochPhase or ManyEpochs or StepMemory or EpochMemory;

    /// <summary>The median time of each run, in ms.</summary>
    internal static double[] Medians(IEnumerable<BenchmarkRow> rows) => [.. rows.DistinctBy(row => row.RunId).Select(row => row.MedianMs)];

    /// <summary>Whether both sides know the memory of a whole step or epoch, and not as one quantity: then it makes no ratio.</summary>
    internal static bool IsMemoryUnlike(CaseSettings measured, IReadOnlyList<BenchmarkRow> ours, IReadOnlyList<BenchmarkRow> theirs) =>
        measured.Phase is EpochPhase or StepPhase && Mebibytes(ours) is not [] && Mebibytes(theirs) is not [] && !IsMemoryAlike(ours, theirs);

    /// <summary>Peak memory of the processes that measured whole steps or epochs, in MiB.</summary>
    /// <returns>Null for a part of a step, which has no process of its own, and where a side's memory is unknown or not measured like the other's.</returns>
    internal static PeerRatio? Memory(CaseSettings measured, IReadOnlyList<BenchmarkRow> ours, IReadOnlyList<BenchmarkRow> theirs)
    {
        if (measured.Phase is not (EpochPhase or StepPhase))
            return null;
        double[] mine = Mebibytes(ours), other = Mebibytes(theirs);
        return mine is [] || other is [] || !IsMemoryAlike(ours, theirs) ? null : PeerRatio.Of(measured with { Phase = measured.Phase + MemoryEnd }, mine, other);
    }

    /// <summary>
    /// Ten epochs of a frozen backbone as each side's user would train them: here one extraction and ten epochs on the cached
    /// features, there ten epochs that run the backbone each time. The weights that come out are the same.
    /// </summary>
    /// <param name="settings">Of the cases, the kernels those of ours.</param>
    /// <param name="ours">Rows of TorchSharp.</param>
    /// <param name="theirs">Rows of the other framework.</param>
    /// <returns>Null where one of the three was not measured.</returns>
    internal static PeerRatio? CachedEpochs(CaseSettings settings, IReadOnlyList<BenchmarkRow> ours, IReadOnlyList<BenchmarkRow> theirs)
    {
        var epochs = ByRun(ours, settings, CachedPolicy, EpochPhase);
        double[] cached = [.. ByRun(ours, settings, CachedPolicy, ExtractionPhase).Where(run => epochs.ContainsKey(run.Key))
            .Select(run => run.Value + (Epochs * epochs[run.Key]))];
        double[] frozen = [.. ByRun(theirs, settings with { Kernels = null }, FrozenPolicy, EpochPhase).Values.Select(epoch => Epochs * epoch)];
        return cached is [] || frozen is [] ? null : PeerRatio.Of(settings with { Policy = CachedAgainstFrozen, Phase = ManyEpochs }, cached, frozen);
    }

    private static bool IsMemoryAlike(IReadOnlyList<BenchmarkRow> ours, IReadOnlyList<BenchmarkRow> theirs) =>
        MemorySources.Common(ours.Concat(theirs).Where(row => row.PeakMemoryBytes is not null).Select(row => row.MemorySource)) is not null;

    private static double[] Mebibytes(IReadOnlyList<BenchmarkRow> rows) =>
        [.. rows.DistinctBy(row => row.RunId).Where(row => row.PeakMemoryBytes is not null).Select(row => row.PeakMemoryBytes!.Value / BytesOfMebibyte)];

    private static OrderedDictionary<string, double> ByRun(IReadOnlyList<BenchmarkRow> rows, CaseSettings settings, string policy, string phase)
    {
        OrderedDictionary<string, double> medians = [];
        foreach (var row in rows.Where(row => PeerTable.CaseOf(row, settings.Kernels is not null) == settings with { Policy = policy, Phase = phase }))
            medians.TryAdd(row.RunId, row.MedianMs);
        return medians;
    }
}
