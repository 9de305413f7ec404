using System.Text;
using FreezeBench.Results;
using FreezeBench.Results.Reports;
using FreezeBench.Tool.Elements;
using FreezeBench.Tool.Plots;

namespace FreezeBench.Tool.Html;

/// <summary>Writes the report as one page that needs nothing else: no network, no fonts, no script to be read.</summary>
internal static class HtmlReport
{
    /// <summary>Environments that get plots where nobody chose them: enough for a lab, and few enough for 2 MB.</summary>
    internal const int PlottedEnvironments = 12;

    /// <summary>Writes the page: the same bytes for the same report, on every machine and on every day.</summary>
    /// <param name="report">What it says.</param>
    /// <param name="plotted">Ids of the environments that get plots; null for the first <see cref="PlottedEnvironments"/>.</param>
    /// <param name="writer">Takes the page.</param>
    internal static void Write(Report report, IReadOnlyCollection<string>? plotted, TextWriter writer)
    {
        writer.Write("<!DOCTYPE html>");
        Page(report, plotted ?? [.. report.Environments.Take(PlottedEnvironments).Select(environment => environment.Id)]).WriteTo(writer);
        writer.Write('\n');
    }

    private static Element Page(Report report, IReadOnlyCollection<string> plotted)
    {
        var (style, script) = (Resource("page.css"), Resource("page.js"));
        return Tag.Of("html",
            Tag.Of("head",
                new Element("meta").With("charset", "utf-8"),
                // By hash, not 'unsafe-inline': should a text of a result file ever become markup, it still cannot run.
                new Element("meta").With("http-equiv", "Content-Security-Policy").With("content",
                    $"default-src 'none'; style-src '{Hash(style)}'; script-src '{Hash(script)}'; base-uri 'none'; form-action 'none'"),
                new Element("meta").With("name", "viewport").With("content", "width=device-width, initial-scale=1"),
                Tag.Of("title", "FreezeBench: what freezing the backbone costs and buys"),
                Tag.Of("style", new Verbatim(style))),
            Tag.Of("body",
                Tag.OfClass("a", "skip", "Skip to the results").With("href", "#results"),
                Tag.Of("header", Tag.OfClass("span", "brand", "FreezeBench"), Tag.Of("button", "Dark").With("type", "button").With("id", "theme").With("aria-pressed", "false").With("hidden", "")),
                Tag.Of("main", Content(report, plotted)).With("id", "results"),
                Tag.Of("script", new Verbatim(script)))).With("lang", "en");
    }

    private static IEnumerable<Node?> Content(Report report, IReadOnlyCollection<string> plotted)
    {
        yield return Tag.Of("h1", "What freezing the backbone costs and buys");
        yield return OverviewSection.Of(report.Overview, id => report.Environments.Index().Where(one => one.Item.Id == id).Select(one => Anchor(one.Index)).FirstOrDefault());
        if (report.Environments.Any(environment => !plotted.Contains(environment.Id)))
        {
            yield return Tag.OfClass("p", "legend",
                $"{plotted.Count} of {report.Environments.Count} environments have plots here, the others tables alone. To choose: ",
                Tag.Of("code", "freezebench report --environment ID --out report.html"), ", with --environment as often as needed.");
        }
        foreach (var machine in Machines(report))
            yield return machine.Environments.Count == 1
                ? Environment(report, machine.Environments[0], plotted)
                : Tag.OfClass("details", "environment", Tag.Of("summary", Tag.Of("h2", machine.Name, $", {machine.Environments.Count} environments")), new Fragment(machine.Environments.Select(index => Environment(report, index, plotted))));
        if (report.Matrices.Count > 0)
            yield return Matrices(report.Matrices);
        yield return Guide(report.Environments.Any(PolicyNames.HavePlain));
    }

    private static Element Matrices(IReadOnlyList<Matrix> matrices) => Tag.Of("section",
        Tag.Of("h2", "Machines side by side, at every size"),
        new Fragment(matrices.Select((matrix, index) => new Fragment(
            Tag.OfClass("p", "settings", matrix.Settings),
            MatrixPlot.Of(matrix) is { } plot ? Tag.OfClass("div", "plots", plot.ToFigure($"m{index + 1}")) : new Fragment(),
            AccuracyTables.Of(matrix)))));

    /// <summary>Environments by machine, in the order of the machines' table; those that are not in it come last, each by itself.</summary>
    private static IEnumerable<(string Name, IReadOnlyList<int> Environments)> Machines(Report report)
    {
        var places = report.Environments.Index().ToLookup(one => report.Overview.Machines.Index().FirstOrDefault(machine => machine.Item.EnvironmentIds.Contains(one.Item.Id), (-1, null!)).Index, one => one.Index);
        return report.Overview.Machines.Select((machine, place) => (machine.Name, (IReadOnlyList<int>)[.. places[place]])).Where(machine => machine.Item2.Count > 0)
            .Concat(places[-1].Select(index => (report.Environments[index].Name, (IReadOnlyList<int>)[index])));
    }

    private static Element Environment(Report report, int index, IReadOnlyCollection<string> plotted)
    {
        var environment = report.Environments[index];
        var heading = Tag.Of("h2", environment.Name, " ", Tag.Of("code", environment.Id));
        // The anchor is inside the fold: a browser that goes to it opens the fold.
        var answer = Tag.OfClass("p", "answer", environment.Answer).With("id", Anchor(index));
        var body = new EnvironmentSection(environment, Anchor(index), plotted.Contains(environment.Id)).Body();
        return report.Environments.Count == 1
            ? Tag.Of("section", heading, answer, body)
            : Tag.OfClass("details", "environment", Tag.Of("summary", heading), answer, body);
    }

    private static string Anchor(int index) => $"e{index + 1}";

    private static Element Guide(bool hasPlain) => Tag.Of("section",
        Tag.Of("h2", "How to read"),
        Tag.Of("p", "A time is the centre of its samples, after warm-up, in one process, or of several such runs; small print gives 95 % bounds. An epoch holds the data pipeline, a step does not. "
            + "A policy says what of the network trains: fine-tune everything, frozen the head alone, from-layerN the head and the backbone from that stage on, frozen-cached the head on features extracted once; an epoch of frozen-cached excludes that extraction."),
        hasPlain ? Tag.Of("p", PolicyNames.Plain) : null,
        Tag.Of("p", "Point at a number for its bounds, the count n of its samples, or of its runs where there are several, or seeds, and its source; scatter is named where it is not quiet; the fold below its table names run, commit and day. A ratio of two machines or frameworks is of the same workload; what else differs between them stands with each."));

    private static string Hash(string content) => $"sha256-{Convert.ToBase64String(Sha256.HashData(Encoding.UTF8.GetBytes(content)))}";

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(HtmlReport).Assembly.GetManifestResourceStream($"FreezeBench.Tool.Html.{name}")!, Encoding.UTF8);
        // A checkout with the line ends of Windows must not change the page, nor its hashes: browsers hash what they parsed.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
