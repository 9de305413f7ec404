using FreezeBench.Results.Comparison;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Advising;

/// <summary>Makes the answer for one group.</summary>
/// <param name="ways">Two or more.</param>
/// <param name="options">What is asked for.</param>
internal sealed class GroupAdvisor(IReadOnlyList<Way> ways, AdviceOptions options)
{
    private static readonly double launchNoise = new ComparisonOptions().LaunchNoise;

    private readonly double within = options.WithinPoints / 100;
    private readonly WayPoint best = ways.Select(way => way.Best).OrderByDescending(point => point.Accuracy).ThenBy(point => point.TrainTimeS).First();

    /// <param name="environmentId">Where they ran.</param>
    /// <param name="machine">Its name for people.</param>
    /// <param name="settings">What they share, in one line.</param>
    internal GroupAdvice Of(string environmentId, string machine, string settings)
    {
        var choice = ways.Select(FirstNear).OfType<WayPoint>().OrderBy(point => point.TrainTimeS).ThenByDescending(point => point.Accuracy).First();
        return new GroupAdvice
        {
            EnvironmentId = environmentId,
            Machine = machine,
            Settings = settings,
            TestImages = best.Rows[0].TestTotal,
            Best = Told(best),
            Choice = Told(choice),
            Doubts = [.. Doubts(choice)],
            Ways = [.. ways.Select(way => (Near: FirstNear(way), way.Best)).OrderBy(way => way.Near?.TrainTimeS ?? double.PositiveInfinity).ThenByDescending(way => way.Best.Accuracy).Select(way => Told(way.Near ?? way.Best))],
            Frontier = [.. ParetoLine.Of(ways.SelectMany(way => way.Points), point => point.TrainTimeS, point => point.Accuracy).Select(Told)],
            Overtaking = Overtaking(),
            InBudget = options.TimeBudgetS is { } budget && ways.SelectMany(way => way.Points).Where(point => point.TrainTimeS <= budget).OrderByDescending(point => point.Accuracy).ThenBy(point => point.TrainTimeS).FirstOrDefault() is { } affordable
                ? Told(affordable) : null,
        };
    }

    private AdvisedPoint Told(WayPoint point) => point.Told(best, within);

    /// <summary>By the means.</summary>
    private WayPoint? FirstNear(Way way) => way.Points.FirstOrDefault(point => best.Minus(point).Value <= within + WayPoint.Equal);

    private IEnumerable<string> Doubts(WayPoint choice)
    {
        if (Told(choice) is { Reach: not Reach.Within } told)
            yield return $"{Named(choice)} may be farther than {AdviceText.Near(options)} from the best: {Behind(told)}";
        foreach (var way in ways.Where(way => way != choice.Way))
        {
            // Of its points that may be near enough in less time, the nearest.
            if (way.Points.Where(point => Told(point).Reach != Reach.Beyond && !choice.IsQuickerThan(point, launchNoise)).MinBy(point => best.Minus(point).Value) is { } rival)
                yield return Doubt(choice, rival);
        }
    }

    private string Doubt(WayPoint choice, WayPoint rival)
    {
        var told = Told(rival);
        var near = told.Reach == Reach.Within ? "is near enough too" : $"may be near enough too ({Behind(told)})";
        if (rival.Way.WithoutExtraction || choice.Way.WithoutExtraction)
            return $"{Named(rival)} {near}, and the time of {(rival.Way.WithoutExtraction ? rival : choice).Way.Name} lacks the extraction of its features";
        if (rival.TrainTimeS < choice.TrainTimeS)
            return $"{Named(rival)} takes less time and {near}";
        return rival.Disturbed ? $"{Named(rival)} {near}, and took longer beside other programs, which does not tell whether it does"
            : $"{Named(rival)} {near}, and the difference of the times is within their scatter";
    }

    private Overtaking? Overtaking()
    {
        foreach (var frozenPolicy in new[] { "frozen-cached", "frozen" })
        {
            var frozen = ways.Where(way => way.First.Policy == frozenPolicy).SelectMany(way => way.Points);
            var pairs = frozen.Join(ways.Where(way => way.First.Policy == "fine-tune"), point => point.Way.First.Kernels, way => way.First.Kernels, (point, way) => (Frozen: point, Tuned: way)).ToList();
            // Each at its best; of equals the one in less time.
            if (pairs.OrderByDescending(pair => pair.Tuned.Best.Accuracy).ThenByDescending(pair => pair.Frozen.Accuracy).ThenBy(pair => pair.Frozen.TrainTimeS).FirstOrDefault() is not ({ } head, { } tuned))
                continue;
            var leads = tuned.Points.Select(point => (Point: point, Lead: point.Minus(head))).ToList();
            var first = leads.FirstOrDefault(lead => lead.Lead.Value > WayPoint.Equal);
            var certain = leads.FirstOrDefault(lead => lead.Lead.Lower > WayPoint.Equal);
            var (shown, difference) = first.Point is null ? leads.MaxBy(lead => lead.Lead.Value) : first;
            return new Overtaking { Frozen = Told(head), Overtakes = first.Point is { } at ? Told(at) : null, ForCertain = certain.Point is { } sure ? Told(sure) : null, Tuned = Told(shown), Lead = difference };
        }
        return null;
    }

    private static string Named(WayPoint point) => AdviceText.Place(point.Way.Name, point.Epoch);

    private static string Behind(AdvisedPoint point) => $"{AdviceText.Distance(point.BehindBest)} points behind";
}
