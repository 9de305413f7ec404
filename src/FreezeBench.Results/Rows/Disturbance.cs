using FreezeBench.Results.Machine;

namespace FreezeBench.Results.Rows;

/// <summary>Whose times say nothing, because the machine had other work meanwhile: the one rule for all that read rows.</summary>
/// <remarks>What was learned, and how much memory it took, does not depend on that.</remarks>
public static class Disturbance
{
    /// <summary>What it means, for the notes under tables.</summary>
    internal static string Words { get; } = FormattableString.Invariant($"the machine had other work: others_busy_cores is above {OtherLoad.ToleratedCores}, or remarks.csv says so");

    /// <summary>Whether a person says so of the run, or other programs kept more cores busy than a measurement tolerates.</summary>
    /// <param name="row">The row.</param>
    /// <param name="remarkedRuns">Ids of runs that a person remarked it of: <see cref="RemarkedRuns"/>; null where there are no remarks.</param>
    public static bool IsDisturbed(this IMeasuredRow row, IReadOnlySet<string>? remarkedRuns = null) =>
        OtherLoad.IsTooMuch(row.OthersBusyCores) || remarkedRuns?.Contains(row.RunId) == true;

    /// <summary>The runs that remarks say it of.</summary>
    public static IReadOnlySet<string> RemarkedRuns(IEnumerable<RemarkRow> remarks) =>
        remarks.Where(remark => remark.Remark == RemarkRow.TimesDisturbed).Select(remark => remark.RunId).ToHashSet(StringComparer.Ordinal);
}
