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
/// <param name="start">Runs a process to its end, or to that of the budget; returns how it ended, in words.</param>
internal sealed class CheckRunner(CheckBudget budget, Func<CheckOrder, string> start)
{
    /// <summary>Makes them in order.</summary>
    /// <returns>One for each.</returns>
    internal IReadOnlyList<VerifiedCheck> Run(IReadOnlyList<DeviceCheck> checks)
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
                var end = start(new(names, report));
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
        return all[0].ChangesProcess ? all.Take(1) : all.TakeWhile(check => !check.ChangesProcess);
    }
}
