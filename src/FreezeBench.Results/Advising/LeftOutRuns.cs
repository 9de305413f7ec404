using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Advising;

/// <summary>Training runs that no conclusion uses, since they have no accuracy at their end.</summary>
internal static class LeftOutRuns
{
    /// <summary>Those that diverged, were interrupted, or left no end, as a program that was killed does; not those that a later run has made good.</summary>
    internal static IEnumerable<string> Of(IReadOnlyList<AccuracyRow> rows, IReadOnlyList<RunRow> ends)
    {
        foreach (var run in DivergedRun.Of(ends))
            yield return run.Text;
        foreach (var end in DivergedRun.Last(ends, RunRow.Interrupted))
            yield return $"{TrainingRunKey.Of(end).Title}, was interrupted after epoch {Numbers.Count(end.EpochsDone)} of {Numbers.Count(end.Epochs)} ({DivergedRun.Described(end)})";
        var known = ends.Select(TrainingRunKey.Of).ToHashSet();
        var used = AccuracyRun.Ended(rows, ends).Select(run => TrainingRunKey.Of(run.First)).ToHashSet();
        foreach (var run in rows.GroupBy(TrainingRunKey.Of).Where(run => !known.Contains(run.Key) && !used.Contains(run.Key)))
        {
            var reached = run.MaxBy(row => row.Epoch)!;
            yield return $"{run.Key.Title}, has no end after epoch {Numbers.Count(reached.Epoch)} of {Numbers.Count(reached.Epochs)} ({AccuracyKey.Of(reached).Text})";
        }
    }
}
