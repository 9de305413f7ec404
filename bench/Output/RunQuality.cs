using System.Globalization;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Benchmarks.Output;

/// <summary>How noisy a machine was while it measured, and whether the rows are good enough to be committed.</summary>
/// <param name="rounds">Rows of each round; a round of which nothing was measured is left out.</param>
public sealed class RunQuality(IReadOnlyList<IReadOnlyList<BenchmarkRow>> rounds)
{
    // A twentieth and a fifth of the cases: what an idle machine of two shared cores stays below.
    private const double MostVeryNoisy = 0.05;
    private const double MostNoisy = 0.20;

    // From process to process the same code scatters by 9 % on a shared virtual machine of two cores (LaunchSpread).
    private const double MostSpread = 0.10;

    private const int FewestRounds = 3;

    // Those of a whole operation: one for each process. Parts of an operation are as noisy as it is, or too short to tell.
    private static readonly HashSet<string> whole =
    [
        CasePhases.Epoch, CasePhases.FeatureExtraction, CasePhases.ExtractionAndFloor, CasePhases.Step, CasePhases.SynchronisedStep, CasePhases.NoGradForward,
        CasePhases.EpochsInTurn, CasePhases.OverheadAndStep,
    ];

    private readonly IReadOnlyList<BenchmarkRow> cases = [.. rounds.SelectMany(rows => rows).Where(row => whole.Contains(row.Phase))];

    /// <summary>What speaks against committing the rows; empty: nothing.</summary>
    public IReadOnlyList<string> Objections => [.. FindObjections()];

    /// <summary>How noisy it was: one sentence, without numbers of what nobody knows.</summary>
    public string Noise
    {
        get
        {
            List<string> parts = [$"{Count(NoiseVerdict.Noisy)} of {cases.Count} cases ~ (IQR above 10 %), {Count(NoiseVerdict.VeryNoisy)} ! (above 25 %)"];
            if (cases.Max(row => row.OthersBusyCores) is { } busiest)
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"others kept up to {busiest:0.0} cores busy"));
            if (Spreads() is { Count: > 0 } spreads)
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"from round to round a case's median spread by {100 * Median(spreads):0} % (the middle case; the worst {100 * spreads.Max(spread => spread.Value):0} %: {spreads.MaxBy(spread => spread.Value).Name})"));
            return $"Noise: {string.Join("; ", parts)}.";
        }
    }

    /// <summary>Whether the rows are good enough, in one sentence or two.</summary>
    public string Verdict => Objections is [] ? "Good enough to commit." : $"Not good enough to commit: {string.Join("; ", Objections)}.";

    private IEnumerable<string> FindObjections()
    {
        if (cases.Any(row => row.Dirty != false))
            yield return "the code is of no clean commit";
        if (rounds.Count < FewestRounds)
            yield return string.Create(CultureInfo.InvariantCulture, $"{rounds.Count} round{(rounds.Count == 1 ? "" : "s")} of the {FewestRounds} that bounds need (--repeat {FewestRounds})");
        var disturbed = cases.Count(row => row.IsDisturbed());
        if (disturbed > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"other programs were busy beside {disturbed} of {cases.Count} cases (end them)");
        if (Count(NoiseVerdict.VeryNoisy) > MostVeryNoisy * cases.Count || Count(NoiseVerdict.Noisy) + Count(NoiseVerdict.VeryNoisy) > MostNoisy * cases.Count)
            yield return "too many cases are noisy (use an idle machine)";
        if (Spreads() is { Count: > 0 } spreads && Median(spreads) > MostSpread)
            yield return string.Create(CultureInfo.InvariantCulture, $"the rounds differ by more than {100 * MostSpread:0} %");
        if (cases.Any(row => row.WereClocksHeldDown()))
            yield return "the device was throttled (^)";
    }

    private int Count(NoiseVerdict verdict) => cases.Count(row => row.NoiseVerdict == verdict);

    // Of each case that several rounds have: the largest median over the smallest, less 1.
    private List<(string Name, double Value)> Spreads() =>
    [
        .. from row in cases
           group row by CaseSettings.Of(row) into same
           where same.Count() > 1 && same.Min(row => row.MedianMs) > 0
           select ($"{same.Key.Suite} {same.Key.Phase} {same.Key.Policy}", (same.Max(row => row.MedianMs) / same.Min(row => row.MedianMs)) - 1),
    ];

    private static double Median(List<(string Name, double Value)> spreads) => SampleSummary.Of([.. spreads.Select(spread => spread.Value)]).Median;
}
