using FreezeBench.Results.Reports;
using FreezeBench.Tool.Elements;
using FreezeBench.Tool.Plots;

namespace FreezeBench.Tool.Html;

/// <summary>One environment's part of the page.</summary>
/// <param name="environment">What it says.</param>
/// <param name="id">Unique in the page.</param>
/// <param name="plots">Whether it has plots, or tables alone.</param>
internal sealed class EnvironmentSection(EnvironmentReport environment, string id, bool plots)
{
    /// <summary>Groups of trainings that get plots; the others have tables.</summary>
    private const int PlottedAccuracies = 3;

    private int pictures;

    /// <summary>Tables and plots, without the heading and the answer, which stand where the page has its environments.</summary>
    internal Fragment Body() => new(
        environment.DisturbedRuns.Count == 0 ? "" : Tag.OfClass("ul", "notes", environment.DisturbedRuns.Select(run =>
            Tag.Of("li", "Times of run ", Tag.Of("code", run.RunId), $" were disturbed: {run.Reason}. They stand with ‡ in the tables, in no plot, and in no conclusion."))),
        environment.IsMlNetAlone ? "" : Measured(),
        environment.BesideMlNet.Count == 0 ? "" : new Fragment(Tag.Of("h3", "Beside ML.NET"), new Fragment(environment.BesideMlNet.Select(group => new Fragment(Settings(group.Settings), AccuracyTables.Of(group))))),
        Tag.Of("h3", "Machine"),
        Facts());

    private Fragment Measured() => new(
        Tag.Of("h3", "Speed"),
        environment.Times.Count == 0 ? Tag.Of("p", "No times were measured here.") : Times(environment.Times[0]),
        Folded(environment.Times.Skip(1), group => group.Settings, TimeTables.Of),
        Tag.Of("h3", "Accuracy"),
        environment.Accuracies.Count == 0 ? Tag.Of("p", "No accuracies were trained here.") : new Fragment(environment.Accuracies.Take(PlottedAccuracies).Select(Accuracy)),
        Folded(environment.Accuracies.Skip(PlottedAccuracies), group => group.Settings, AccuracyTables.Of),
        environment.DivergedRuns.Count == 0 ? "" : Tag.OfClass("ul", "notes", environment.DivergedRuns.Select(run => Tag.Of("li", $"Diverged: {run.Text} (run ", Tag.Of("code", run.RunId), ")."))),
        environment.Scaling.Count == 0 ? "" : new Fragment(Tag.Of("h3", "Scaling"), new Fragment(environment.Scaling.GroupBy(series => (series.Size, series.Settings)).Select(series => Scaling([.. series])))));

    private Fragment Times(TimeGroup group) => new(
        Settings(group.Settings),
        TimeTables.Policies(group),
        TimeTables.Parts(group),
        TimeTables.Gains(group),
        Plots(TimePlots.Epochs(group), TimePlots.Phases(group), TimePlots.Depth(group)),
        TimeTables.Others(group));

    private Fragment Accuracy(AccuracyGroup group) => new(
        Settings(group.Settings),
        AccuracyTables.Of(group),
        Plots(AccuracyPlots.ByEpoch(group), AccuracyPlots.ByTime(group), AccuracyPlots.Frontier(group)));

    private Fragment Scaling(IReadOnlyList<ScalingSeries> series) => new(Settings(series[0].Settings), AccuracyTables.Of(series), Plots(ScalingPlot.Of(series)));

    private static Element Settings(string settings) => Tag.OfClass("p", "settings", settings);

    private Node Plots(params Picture?[] drawn)
    {
        var shown = plots ? drawn.OfType<Picture>().Select(picture => picture.ToFigure($"{id}-p{++pictures}")).ToList() : [];
        return shown.Count == 0 ? new Fragment() : Tag.OfClass("div", "plots", shown);
    }

    private Element Facts() => Tag.Of("dl", environment.Facts.Prepend(new EnvironmentFact("environment", environment.Id))
        .SelectMany(fact => new[] { Tag.Of("dt", fact.Name), Tag.Of("dd", fact.Value) }));

    private static Fragment Folded<T>(IEnumerable<T> groups, Func<T, string> summary, Func<T, Node> content) =>
        new(groups.Select(group => Tag.Of("details", Tag.Of("summary", summary(group)), content(group))));
}
