using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Comparison;

/// <summary>Runs of a case without the disturbed ones, where it has others.</summary>
/// <param name="Runs">One or more.</param>
/// <param name="Disturbed">Whether all are disturbed: nothing is known from them, but a case that vanished without a word would look as if never measured.</param>
/// <param name="LeftOut">Ids of the runs that were left out.</param>
internal sealed record SoundRuns(IReadOnlyList<MeasuredCase> Runs, bool Disturbed, IReadOnlyList<string> LeftOut)
{
    /// <param name="runs">One or more.</param>
    /// <param name="remarkedRuns">See <see cref="Disturbance.IsDisturbed"/>.</param>
    internal static SoundRuns Of(IReadOnlyList<MeasuredCase> runs, IReadOnlySet<string> remarkedRuns)
    {
        var disturbed = runs.ToLookup(run => run.Row.IsDisturbed(remarkedRuns));
        return disturbed[false].Any() ? new SoundRuns([.. disturbed[false]], false, [.. disturbed[true].Select(run => run.Row.RunId)]) : new SoundRuns(runs, true, []);
    }

    internal CaseSide Side(IReadOnlyList<MeasuredCase> some) => CaseSide.Of(some) with { Disturbed = Disturbed, LeftOutRuns = LeftOut };
}
