using System.Globalization;
using FreezeBench.Results.Comparison;
using FreezeBench.Results.Tables;

namespace FreezeBench.Results.Ranking;

/// <summary>A ranking for people: what it is, the answer, all machines, each workload, notes.</summary>
public static class RankingText
{
    /// <summary>For a terminal of 80 columns.</summary>
    public static string Plain(MachineRanking ranking)
    {
        List<string> lines = [.. WrappedText.Lines("", 0, RankingLines.Headline(ranking)), .. WrappedText.Lines("", 0, RankingLines.Answer(ranking)), "", .. Overall(ranking).Plain("-")];
        foreach (var (heading, workloads) in RankingLines.Groups(ranking))
        {
            lines.AddRange(["", .. WrappedText.Lines("", 0, heading)]);
            lines.AddRange(new Table([$"case, {RankingLines.What(ranking)}", "time", "to the first", "n"],
                [.. workloads.SelectMany(workload => workload.Times.Select((time, place) => (IReadOnlyList<string?>)[$"  {RankingLines.Whole(time.Rank)}  {time.Contender.Name}", .. Cells(time, place)])
                    .Prepend([PairTables.CaseName(workload.Settings), "", "", ""]))], 0).Plain("-"));
        }
        lines.Add("");
        foreach (var note in RankingLines.Notes(ranking))
            lines.AddRange(WrappedText.Lines("- ", 2, note));
        return string.Concat(lines.Select(line => line + "\n"));
    }

    /// <summary>For a page.</summary>
    public static string Markdown(MachineRanking ranking)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var writer = new MarkdownWriter(text);
        writer.Block($"### FreezeBench: {MarkdownText.Plain(RankingLines.Headline(ranking))}");
        writer.Block(MarkdownText.Plain(RankingLines.Answer(ranking)));
        writer.Plain(Overall(ranking));
        foreach (var (heading, workloads) in RankingLines.Groups(ranking))
        {
            writer.Block($"**{MarkdownText.Plain(heading)}**");
            writer.Plain(new Table(["case", "rank", RankingLines.What(ranking), "time", "to the first", "n"],
                [.. workloads.SelectMany(workload => workload.Times.Select((time, place) => (IReadOnlyList<string?>)
                    [place == 0 ? PairTables.CaseName(workload.Settings) : "", RankingLines.Whole(time.Rank), time.Contender.Name, .. Cells(time, place)]))], 0, 2));
        }
        foreach (var note in RankingLines.Notes(ranking))
            writer.Line($"- {MarkdownText.Plain(note)}");
        return text.ToString();
    }

    private static Table Overall(MachineRanking ranking) => new(["rank", RankingLines.What(ranking), "to the first", "workloads", "n"],
        [.. ranking.Overall.Select((entry, place) => (IReadOnlyList<string?>)
        [
            entry.Rank is { } rank ? RankingLines.Whole(rank) : null, entry.Contender.Name, entry.Rank is null ? null : RankingLines.Ratio(entry.ToFirst?.Ratio, place == 0),
            entry.ToFirst is { } ratio ? RankingLines.Whole(ratio.Cases.Count) : null, RankingLines.Whole(RankingLines.Runs(ranking, entry.Contender)),
        ])], 1);

    private static IEnumerable<string?> Cells(RankedTime time, int place) =>
    [
        ComparisonText.Milliseconds(time.Runs.Side.CentreMs) + ComparisonText.Marks([time.Runs.Side]),
        RankingLines.Ratio(time.ToFirst, place == 0), RankingLines.Whole(time.Runs.Side.RunIds.Count),
    ];
}
