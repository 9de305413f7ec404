using FreezeBench.DeviceChecks;
using FreezeBench.Results.Ends;
using FreezeBench.Results.Verification;

namespace FreezeBench.Benchmarks.Verifying;

/// <summary>Has checks made by processes, and goes on with the next check where one has ended its process.</summary>
/// <remarks>
/// A C++ exception that leaves a function called by its name ends the process, and so do a driver's fault and the system's lack of memory:
/// on the first card of its kind one check must not cost the findings of the others.
/// </remarks>
/// <param name="budget">What does not fit into it is not run.</param>
/// <param name="start">Runs a process to its end, or to that of the budget; returns how it ended, in words. Meanwhile it calls the action again and again.</param>
internal sealed class CheckRunner(CheckBudget budget, Func<CheckOrder, Action, string> start)
{
    /// <summary>Makes them in order.</summary>
    /// <param name="checks">Which.</param>
    /// <param name="soFar">Called with all that were made so far, whenever there are more of them; null: nobody.</param>
    /// <returns>One for each.</returns>
    internal IReadOnlyList<VerifiedCheck> Run(IReadOnlyList<DeviceCheck> checks, Action<IReadOnlyList<VerifiedCheck>>? soFar = null)
    {
        List<VerifiedCheck> made = [];
        while (made.Count < checks.Count)
        {
            if (budget.IsSpent)
            {
                made.AddRange(checks.Skip(made.Count).Select(check => VerifiedCheck.Of(check.Name, budget.NotRun(begun: false), TimeSpan.Zero)).ToList());
                break;
            }
            var names = Together(checks.Skip(made.Count)).Select(check => check.Name).ToList();
            var report = Path.GetTempFileName();
            try
            {
                var known = 0;
                var end = start(new(names, report), () =>
                {
                    if (CheckReport.Read(report).Ended is var now && now.Count > known)
                        soFar?.Invoke([.. made, .. now]);
                    known = now.Count;
                });
                var word = EndWord.Read(CheckReport.PathOfWord(report));
                var (ended, open) = CheckReport.Read(report);
                made.AddRange(ended);
                if (ended.Count < names.Count)
                    made.Add(VerifiedCheck.Of(names[ended.Count], NotEnded(end, begun: open is not null, word), TimeSpan.Zero));
            }
            finally
            {
                File.Delete(report);
                File.Delete(CheckReport.PathOfWord(report));
            }
            soFar?.Invoke(made);
        }
        return made;
    }

    private CheckFinding NotEnded(string end, bool begun, EndWord? word) => budget.IsSpent
        ? budget.NotRun(begun)
        : CheckFinding.Failed($"its process {end} {(begun ? "in the middle of it" : "before it began")}{(word is null ? "" : $", by {word.Type}: {word.Message}{(word.OfMemory ? ", where memory was used up" : "")}")}");

    // As many as one process may make.
    private static IEnumerable<DeviceCheck> Together(IEnumerable<DeviceCheck> checks)
    {
        var all = checks.ToList();
        return all[0].NeedsDeterminism ? all.Take(1) : all.TakeWhile(check => !check.NeedsDeterminism);
    }
}
