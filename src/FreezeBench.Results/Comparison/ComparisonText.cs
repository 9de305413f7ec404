using System.Globalization;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Comparison;

/// <summary>The wording that the console and the Markdown share.</summary>
public static class ComparisonText
{
    /// <summary>How to read a row, in three sentences.</summary>
    public const string HowToRead =
        "The same code is faster or slower from process to process, which the samples of one process cannot show: with several runs a side the bounds "
        + "come from the spread of the runs' centres, blended with that of all cases compared. With one run a side that spread is unknown, and "
        + "--launch-noise is assumed. Measure three runs a side or more, alternating between the two commits, on an idle machine.";

    /// <summary>The counts, for example <c>1 worse, 0 better, 2 undecided, 4 equivalent</c>.</summary>
    public static string Counts(ResultComparison comparison) =>
        string.Join(", ", Enum.GetValues<Verdict>().Select(verdict => $"{Whole(comparison.Count(verdict))} {Word(verdict, comparison.Kind)}"));

    /// <summary>The verdict's word: code is worse, what else is compared is slower.</summary>
    public static string Word(Verdict verdict, ComparisonKind kind) => verdict switch
    {
        Verdict.Worse => kind == ComparisonKind.Commits ? "worse" : "slower",
        Verdict.Better => kind == ComparisonKind.Commits ? "better" : "faster",
        _ => verdict.Word(),
    };

    /// <summary>Policy and phase, and those settings that tell apart cases of the same name.</summary>
    /// <param name="settings">One of <paramref name="all"/>.</param>
    /// <param name="all">All cases of the list that the name is to stand in.</param>
    public static string Name(CaseSettings settings, IEnumerable<CaseSettings> all) => Told(settings, settings.Name, all);

    /// <summary>Many cases in one line, for example <c>step frozen (forward, backward), epoch frozen (epoch)</c>.</summary>
    /// <param name="cases">Cases of <paramref name="all"/>, in the order to name them in.</param>
    /// <param name="all">All cases that they are to be told apart from.</param>
    public static string Names(IEnumerable<CaseSettings> cases, IReadOnlyList<CaseSettings> all) => string.Join(", ",
        cases.GroupBy(settings => $"{settings.Suite} {settings.Policy}")
            .Select(group => $"{group.Key} ({string.Join(", ", group.Select(settings => Told(settings, $"{settings.Phase}", all)))})"));

    /// <summary>A name with those settings that its namesakes do not share.</summary>
    private static string Told(CaseSettings settings, string name, IEnumerable<CaseSettings> all)
    {
        var namesakes = all.Where(other => other.Suite == settings.Suite && other.Name == settings.Name);
        var telling = namesakes.SelectMany(settings.DifferencesTo).Select(difference => difference.Name).ToHashSet();
        return string.Join(' ', settings.Values.Where(value => telling.Contains(value.Column))
            .Select(value => $"{value.Column}={value.Text}").Prepend(name));
    }

    /// <summary>A time with three digits or so, for example <c>12.3 ms</c>.</summary>
    public static string Milliseconds(double time) => Text(time, time switch { < 0.1 => "0.0000", < 10 => "0.000", < 100 => "0.0", _ => "0" }) + " ms";

    /// <summary>Ratio and bounds, for example <c>1.12x (1.06 .. 1.18)</c>.</summary>
    public static string Ratio(CaseComparison comparison) => Bounded(comparison.Ratio);

    /// <summary>A ratio and its bounds, <c>1.12x (1.06 .. 1.18)</c>; <c>-</c> where there is none.</summary>
    internal static string Bounded(BoundedEstimate? ratio) => ratio switch
    {
        null => "-",
        { Lower: { } lower, Upper: { } upper } => $"{Factor(ratio.Value)}x ({Factor(lower)} .. {Factor(upper)})",
        _ => $"{Factor(ratio.Value)}x",
    };

    /// <summary>Signs of what a reader should know about the rows of sides, behind a blank: <c>!</c> very noisy, <c>^</c> throttled, <c>‡</c> disturbed, <c>*</c> dirty; mostly nothing.</summary>
    public static string Marks(params IReadOnlyList<CaseSide> sides)
    {
        var signs = (sides.Any(side => side.Noise == NoiseVerdict.VeryNoisy) ? "!" : "") + (sides.Any(side => side.Throttled) ? "^" : "") + (sides.Any(side => side.Disturbed) ? "‡" : "") + (sides.Any(side => side.Dirty) ? "*" : "");
        return signs.Length > 0 ? " " + signs : "";
    }

    /// <summary>Sentences about the comparison as a whole: how it was judged, what the marks mean, what one run a side hides.</summary>
    public static IReadOnlyList<string> Notes(ResultComparison comparison)
    {
        var pair = comparison.Kind != ComparisonKind.Commits;
        var (options, marks) = (comparison.Options, comparison.Cases.SelectMany(entry => Marks(entry.Base, entry.Diff)).ToHashSet());
        List<string> notes = [$"Ratio: time of {(pair ? "DIFF" : comparison.Diff)} / time of {(pair ? "BASE" : comparison.Base)}, bounds at {Percent(options.Confidence)}, threshold {Percent(options.Threshold)}, noise floor {Text(options.NoiseFloorMs, "0.####")} ms."];
        if (marks.Contains('!'))
            notes.Add("! very noisy: the samples of a run scatter by more than 25 % of their median.");
        if (marks.Contains('^'))
            notes.Add("^ throttled: heat or power held the device's clocks down, or a GPU ended below 90 % of its first clock.");
        if (marks.Contains('‡'))
            notes.Add($"‡ disturbed: {Disturbance.Words}.");
        if (marks.Contains('*'))
            notes.Add("* dirty: the working tree differed from its commit, or nobody knows.");
        if (comparison.LeftOutRuns.Count > 0)
            notes.Add($"Left out, because {Disturbance.Words}: rows of {string.Join(", ", comparison.LeftOutRuns)}.");
        notes.AddRange(comparison.Spreads.Select(spread => $"Spread from run to run in {spread.EnvironmentId}: {Percent(spread.Spread.Prior)}, {(spread.Spread.Measured ? "from these runs" : "assumed (--launch-noise)")}."));
        if (pair)
        {
            if (comparison.Cases.Count(entry => entry.SingleRun) is var few and > 0)
                notes.Add($"One run on a side in {Whole(few)} of {Whole(comparison.Cases.Count)} cases: measure three runs on each or more.");
        }
        else if (comparison.Cases.Count(entry => entry.Base.RunIds.Count == 1 && entry.Diff.RunIds.Count == 1) is var single and > 0)
        {
            // Of these the smallest half-width: what even a case without any scatter of its own must exceed.
            var hidden = comparison.Cases.Where(entry => entry.Base.RunIds.Count == 1 && entry.Diff.RunIds.Count == 1)
                .Min(entry => comparison.Spreads.First(spread => spread.EnvironmentId == entry.Settings.EnvironmentId).Spread.HalfWidth([1], [1], options.Confidence));
            notes.Add($"One run a side in {Whole(single)} of {Whole(comparison.Cases.Count)} cases: there a change below {Factor(Math.Exp(hidden) * (1 + options.Threshold))}x cannot be told from the spread from run to run. Measure three runs a side or more.");
        }
        return notes;
    }

    /// <summary>A share as a percentage with up to one decimal, for example <c>5 %</c>.</summary>
    internal static string Percent(double fraction) => Text(fraction * 100, "0.##") + " %";

    private static string Factor(double factor) => Text(factor, factor < 0.1 ? "0.0000" : factor < 10 ? "0.00" : "0");

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
