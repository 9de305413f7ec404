using FreezeBench.Results.Comparison;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Tests.Comparison;

/// <summary>Comparisons whose answer is known: runs of the same code, one side made slower by a factor.</summary>
internal static class PlantedShiftStudy
{
    internal static IReadOnlyList<double> Shifts { get; } = [0, 0.02, 0.05, 0.10, 0.50, 1.00];

    internal const string RealSource = "six real runs, cases above 1 ms";

    /// <summary>Comparisons of a simulated cell, of 20 cases each.</summary>
    private const int Trials = 50;

    private const int SimulatedCases = 20;

    /// <summary>Every way of putting the six runs on two sides, for 1 and 3 runs a side.</summary>
    internal static IEnumerable<ShiftCell> Real()
    {
        // Shorter ones are ruled by the noise floor.
        var cases = SixRuns.Read().Where(entry => entry.Runs.All(run => run.Min() > 1)).ToList();
        var bases = ByRun(cases, 0);
        foreach (var runs in new[] { 1, 3 })
        {
            var splits = Choose(runs, Enumerable.Range(0, SixRuns.Count)).SelectMany(first =>
                Choose(runs, Enumerable.Range(0, SixRuns.Count).Except(first)).Select(second => (first, second))).ToList();
            foreach (var shift in Shifts)
            {
                var diffs = ByRun(cases, shift);
                yield return ShiftCell.Of(RealSource, runs, shift, splits.Select(split =>
                    Compare(new ComparisonOptions(), split.first.SelectMany(run => bases[run]), split.second.SelectMany(run => diffs[run]))));
            }
        }
    }

    private static List<MeasuredCase>[] ByRun(IReadOnlyList<(string Policy, string Phase, IReadOnlyList<double[]> Runs)> cases, double shift) =>
        [.. Enumerable.Range(0, SixRuns.Count).Select(run => cases.Select(entry => Measured.Case($"run-{run}", Slower(entry.Runs[run], shift), entry.Phase, entry.Policy)).ToList())];

    /// <summary>Simulated runs: each case has a spread of its own from run to run, about a typical one, as the prior supposes.</summary>
    internal static IEnumerable<ShiftCell> Simulation(string name, double spread, double scatter, double launchNoise, params int[] sizes)
    {
        foreach (var runs in sizes)
        {
            // The same random numbers for every shift: cells differ by what was planted alone.
            var drawn = Enumerable.Range(0, Trials).Select(trial =>
            {
                var source = new Simulated(1000 * runs + trial);
                var cases = Enumerable.Range(0, SimulatedCases).Select(number => Draw(source, $"case-{number}", runs, spread, scatter)).ToList();
                return (First: cases.SelectMany(entry => entry.Take(runs)).ToList(), Second: cases.SelectMany(entry => entry.Skip(runs)).ToList());
            }).ToList();
            var options = new ComparisonOptions { LaunchNoise = launchNoise };
            foreach (var shift in Shifts)
                yield return ShiftCell.Of(name, runs, shift, drawn.Select(trial =>
                    Compare(options, trial.First, trial.Second.Select(run => Measured.Case(run.Row.RunId, Slower(run.SamplesMs, shift), run.Row.Phase)))));
        }
    }

    /// <summary>Runs of one case for both sides.</summary>
    private static List<MeasuredCase> Draw(Simulated source, string phase, int runs, double spread, double scatter)
    {
        var centre = Math.Exp(Math.Log(2) + source.Next() * Math.Log(250));
        // A scaled inverse chi-square of 4 degrees of freedom: a few cases scatter from run to run far more than most.
        var own = spread * Math.Sqrt(LaunchSpread.PriorFreedom / Enumerable.Range(0, LaunchSpread.PriorFreedom).Sum(_ => Math.Pow(source.NextNormal(), 2)));
        return [.. Enumerable.Range(0, 2 * runs).Select(run =>
        {
            var level = centre * Math.Exp(own * source.NextNormal());
            return Measured.Case($"run-{run}", [.. Enumerable.Range(0, 10).Select(_ => level * Math.Exp(scatter * source.NextNormal()))], phase);
        })];
    }

    private static double[] Slower(IEnumerable<double> samples, double shift) => [.. samples.Select(sample => sample * (1 + shift))];

    private static ResultComparison Compare(ComparisonOptions options, IEnumerable<MeasuredCase> first, IEnumerable<MeasuredCase> second) =>
        ResultComparison.Of(Measured.Side("base", first), Measured.Side("diff", second), options);

    private static IEnumerable<IReadOnlyList<int>> Choose(int count, IEnumerable<int> from)
    {
        if (count == 0)
            return [[]];
        int[] all = [.. from];
        return all.SelectMany((first, index) => Choose(count - 1, all.Skip(index + 1)).Select(rest => (IReadOnlyList<int>)[first, .. rest]));
    }
}
