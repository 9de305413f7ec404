using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Reports;

/// <summary>A training run whose loss left the range of numbers: it has no accuracy, and is not to vanish.</summary>
/// <param name="RunId">The invocation.</param>
/// <param name="Policy">Freezing policy, or probe-then-tune.</param>
/// <param name="Kernels">Whose layers.</param>
/// <param name="Seed">Of the run.</param>
/// <param name="Settings">Data set, classes, px, backbone, weights and batch in one line.</param>
/// <param name="EpochsDone">Epochs that ended before.</param>
/// <param name="Epochs">Epochs that it was asked for.</param>
public sealed record DivergedRun(string RunId, string Policy, KernelKind Kernels, int Seed, string Settings, int EpochsDone, int Epochs)
{
    /// <summary>In a sentence.</summary>
    public string Text => FormattableString.Invariant(
        $"{Policy}{(Kernels == KernelKind.Plain ? " (plain)" : "")}, seed {Seed}, diverged in epoch {EpochsDone + 1} of {Epochs} ({Settings}): its loss was no number any more, and it has no accuracy");

    /// <summary>The runs whose last end is that, by run id.</summary>
    internal static IReadOnlyList<DivergedRun> Of(IEnumerable<RunRow> ends) =>
    [
        .. Last(ends, RunRow.Diverged).OrderBy(end => end.RunId, StringComparer.Ordinal).ThenBy(end => end.Policy, StringComparer.Ordinal).ThenBy(end => end.Seed)
            .Select(end => new DivergedRun(end.RunId, end.Policy, end.Kernels, end.Seed, Described(end), end.EpochsDone, end.Epochs)),
    ];

    /// <summary>The last ends of runs that have a status; not those that a later run with the same settings and seed has made good.</summary>
    internal static IEnumerable<RunRow> Last(IEnumerable<RunRow> ends, string status)
    {
        var last = ends.GroupBy(TrainingRunKey.Of).Select(run => run.Last()).ToList();
        var good = last.Where(end => end.Status is RunRow.Finished or RunRow.TargetReached).ToLookup(Same, end => end.RunId);
        return last.Where(end => end.Status == status && !good[Same(end)].Any(later => string.CompareOrdinal(later, end.RunId) > 0));
    }

    /// <summary>What a later run shares with one that it makes good.</summary>
    private static (string, KernelKind, HeadKind, int, string, string) Same(RunRow end) => (end.Policy, end.Kernels, end.Head, end.Seed, Described(end), end.DataHash);

    /// <summary>Data set, classes, px, backbone, weights, batch, precision and device in one line.</summary>
    internal static string Described(RunRow end) => $"{end.Dataset}, {Numbers.Count(end.Classes)} classes, {Numbers.Count(end.ResolutionPx)} px, {end.Backbone}, "
        + $"{(end.Weights == "random" ? "random weights" : $"weights {end.Weights}")}, batch {Numbers.Count(end.BatchSize)}, {end.Precision}, {end.Device}";
}
