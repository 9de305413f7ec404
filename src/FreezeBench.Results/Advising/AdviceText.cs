using System.Globalization;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Statistics;
using FreezeBench.Results.Tables;

namespace FreezeBench.Results.Advising;

/// <summary>An advice for people: of each group the answer, its doubts, a table, the frontier, and when fine-tune overtakes; then what no answer is from.</summary>
public static class AdviceText
{
    // The widest name that leaves the table its 80 columns; no policy of ours is longer.
    private const int LongestName = 18;

    /// <summary>For a terminal of 80 columns; empty where nothing was trained.</summary>
    public static string Plain(Advice advice)
    {
        List<string> lines = [];
        foreach (var group in advice.Groups)
            lines.AddRange([.. Group(group, advice.Options), ""]);
        lines.AddRange(Listed(advice.Groups.Count == 0 ? "No advice on a policy:" : "No advice from:", advice.Refused));
        lines.AddRange(Listed("Runs left out:", advice.LeftOut));
        if (advice.Groups.Count > 0)
            lines.AddRange(WrappedText.Lines("", 0, "Times are of training, extraction of features included, evaluation apart. Bounds at 95 %: of accuracies over seeds, or of the test images where n = 1; of distances to the best over the seeds that both have, else of the test images."));
        return string.Concat(lines.Select(line => line + "\n"));
    }

    /// <summary>A way of training and how long.</summary>
    internal static string Place(string name, int epochs) => $"{Shown(name)} after {Epochs(epochs)}";

    /// <summary>A distance in points with its bounds, without the word.</summary>
    internal static string Distance(BoundedEstimate distance) => Numbers.Points(distance.Value) + Numbers.Bounds(100 * distance.Lower, 100 * distance.Upper, 1);

    /// <summary>How far from the best is near enough, with the word.</summary>
    internal static string Near(AdviceOptions options) => $"{Within(options)} {(options.WithinPoints == 1 ? "point" : "points")}";

    private static string Within(AdviceOptions options) => options.WithinPoints.ToString("0.###", CultureInfo.InvariantCulture);

    private static List<string> Group(GroupAdvice group, AdviceOptions options)
    {
        List<string> lines = [.. WrappedText.Lines("", 2, $"{group.Machine} ({group.EnvironmentId}): {ForeignText.Shown(group.Settings, ForeignText.LongestLine)}"), ""];
        var (choice, best) = (group.Choice, group.Best);
        var near = $"within {Near(options)} of the best in the least training time, {Numbers.Seconds(choice.TrainTimeS)}";
        lines.AddRange(WrappedText.Lines("", 0, group.IsDecided
            ? $"{Told(choice)} is {near}: {Accuracy(choice)}."
            : $"Undecided. By the means {Told(choice)} is {near}: {Accuracy(choice)}. But:"));
        foreach (var doubt in group.Doubts)
            lines.AddRange(WrappedText.Lines("- ", 2, $"{doubt}."));
        lines.AddRange(WrappedText.Lines("", 0, (choice.Name, choice.Epoch) == (best.Name, best.Epoch) ? "It is the best that was measured." : $"The best: {Told(best)}, {Accuracy(best)}, in {Numbers.Seconds(best.TrainTimeS)}."));
        if (options.TimeBudgetS is { } budget)
        {
            lines.AddRange(WrappedText.Lines("", 0, group.InBudget is { } affordable
                ? $"In {Numbers.Seconds(budget)} of training the most is {Told(affordable)}: {Accuracy(affordable)}, in {Numbers.Seconds(affordable.TrainTimeS)}, {Distance(affordable.BehindBest)} points behind the best."
                : $"In {Numbers.Seconds(budget)} of training nothing ends its first epoch."));
        }
        lines.AddRange(["", .. Table(group, options).Plain("-"), ""]);
        lines.AddRange(Legend(group));
        lines.AddRange(WrappedText.Lines("", 2, $"Frontier, which nothing beats in time and accuracy both: {Frontier(group)}."));
        if (group.Overtaking is { } overtaking)
            lines.AddRange(WrappedText.Lines("", 2, Overtaking(overtaking)));
        return lines;
    }

    private static Table Table(GroupAdvice group, AdviceOptions options) => new(
        ["policy", "n", "ep.", "test accuracy, %", "time", "behind", $"within {Within(options)}"],
        [.. group.Ways.Select(way => (IReadOnlyList<string?>)
        [
            Shown(way.Name), Numbers.Count(way.Seeds.Count), Numbers.Count(way.Epoch), Numbers.Points(way.Accuracy.Value) + Numbers.Bounds(100 * way.Accuracy.Lower, 100 * way.Accuracy.Upper, 1),
            Time(way), $"{Numbers.Points(way.BehindBest.Value)} ±{Numbers.Points(HalfWidth(way.BehindBest))}", way.Reach switch { Reach.Within => "yes", Reach.Beyond => "no", _ => "?" },
        ])], 0);

    private static IEnumerable<string> Legend(GroupAdvice group)
    {
        List<AdvisedPoint> all = [.. group.Ways, .. group.Frontier];
        foreach (var (name, recipe) in group.Ways.Where(way => way.Recipe.Length > 0).Select(way => (way.Name, way.Recipe)).Distinct())
        {
            foreach (var line in WrappedText.Lines("", 2, $"{Shown(name)}: {recipe}."))
                yield return line;
        }
        if (all.Any(point => point.Disturbed))
            yield return "‡ disturbed: other programs were busy meanwhile, the true time is shorter.";
        if (all.Any(point => point.WithoutExtraction))
            yield return "+ features came from disk: the time of their extraction is missing.";
    }

    /// <summary>One policy's points in a row are told together.</summary>
    private static string Frontier(GroupAdvice group)
    {
        List<(string Name, List<string> Points)> parts = [];
        foreach (var point in group.Frontier)
        {
            if (parts.Count == 0 || parts[^1].Name != point.Name)
                parts.Add((point.Name, []));
            parts[^1].Points.Add($"{Epochs(point.Epoch)} {Time(point)} {Numbers.Percent(point.Accuracy.Value)}");
        }
        return string.Join("; ", parts.Select(part => $"{Shown(part.Name)}: {string.Join(", ", part.Points)}"));
    }

    private static string Overtaking(Overtaking overtaking)
    {
        var frozen = overtaking.Frozen;
        var of = $"{Shown(frozen.Name)} at its best ({Numbers.Percent(frozen.Accuracy.Value)}, {Epochs(frozen.Epoch)}, {Time(frozen)})";
        var lead = overtaking.Lead;
        if (overtaking.Overtakes is not { } first)
        {
            // Turned round, so that no bound needs a sign that the words take back.
            lead = new BoundedEstimate(-overtaking.Lead.Value, -overtaking.Lead.Upper, -overtaking.Lead.Lower, overtaking.Lead.Confidence);
            return $"{Shown(overtaking.Tuned.Name)} has not overtaken {of} in {Epochs(overtaking.Tuned.Epoch)}, {Time(overtaking.Tuned)}: {Distance(lead)} points lower{(lead.Lower > 0 ? "" : "; undecided, the bounds include 0")}.";
        }
        var text = $"{Shown(first.Name)} overtakes {of} after {Epochs(first.Epoch)}, {Time(first)}: {Distance(lead)} points higher";
        return overtaking.ForCertain is not { } sure ? $"{text}; undecided, the bounds include 0."
            : sure.Epoch == first.Epoch ? $"{text}." : $"{text}; for certain after {Epochs(sure.Epoch)}, {Time(sure)}.";
    }

    private static IEnumerable<string> Listed(string heading, IReadOnlyList<string> items) =>
        items.Count == 0 ? [] : [heading, .. items.SelectMany(item => WrappedText.Lines("- ", 2, $"{ForeignText.Shown(item, ForeignText.LongestLine)}.")), ""];

    private static string Told(AdvisedPoint point) => Place(point.Name, point.Epoch);

    private static string Accuracy(AdvisedPoint point) =>
        $"test accuracy {Numbers.Percent(point.Accuracy.Value)}{Numbers.Bounds(100 * point.Accuracy.Lower, 100 * point.Accuracy.Upper, 1)}, n = {Numbers.Count(point.Seeds.Count)}";

    private static string Time(AdvisedPoint point) => Numbers.Seconds(point.TrainTimeS) + (point.Disturbed ? " ‡" : "") + (point.WithoutExtraction ? " +" : "");

    // Bounds of differences lie evenly about them.
    private static double HalfWidth(BoundedEstimate distance) => (distance.Upper - distance.Lower) / 2 ?? 0;

    private static string Epochs(int count) => count == 1 ? "1 epoch" : $"{Numbers.Count(count)} epochs";

    private static string Shown(string name) => ForeignText.Shown(name.Length > LongestName ? name[..(LongestName - 1)] + "…" : name);
}
