using System.Text.Json;
using FreezeBench.Results.Comparison;
using FreezeBench.Results.Sets;
using Xunit;

namespace FreezeBench.Results.Tests.Comparison;

public sealed class ComparisonWritersTests
{
    private static readonly ResultComparison example = ResultComparison.Of(
        Measured.Side("base", Measured.Case("a", Measured.About(100)), Measured.Case("a", Measured.About(100), "same"), Measured.Case("a", Measured.About(1), "gone"),
            Measured.Case("a", Measured.About(1), "threads"), Measured.Case("a", Measured.About(100), "a|b<c>`d\\e_f")),
        Measured.Side("diff", Measured.Case("b", Measured.About(200), change: row => row with { Dirty = true }), Measured.Case("b", Measured.About(100), "same"),
            Measured.Case("b", Measured.About(1), "new"), Measured.Case("b", Measured.About(1), "threads", change: row => row with { Threads = 8 }),
            Measured.Case("b", Measured.About(105), "a|b<c>`d\\e_f")),
        new ComparisonOptions { LaunchNoise = 0 });

    [Fact]
    public void Markdown_IsASummaryWithTheEquivalentFolded()
    {
        var markdown = ComparisonMarkdown.Write(example);
        Assert.StartsWith("### FreezeBench: 1 worse, 0 better, 1 undecided, 1 equivalent\n\nOne commit measured twice on one machine, AMD EPYC, AVX-512, 2 cores: 0123456789. DIFF takes 2.0", markdown);
        Assert.Contains("\n\n`base` → `diff`, 2 not compared\n\n| suite |", markdown);
        Assert.Contains("| step | frozen step | 99.", markdown);
        Assert.Contains(" ms | 2.00x (", markdown);
        Assert.Contains(") | **worse** \\* |\n", markdown);
        Assert.Contains("<details><summary>1 equivalent</summary>\n\n| suite |", markdown);
        Assert.True(markdown.IndexOf("frozen step", StringComparison.Ordinal) < markdown.IndexOf("undecided |", StringComparison.Ordinal));
        Assert.Contains("- unlike settings: threads 2 → 8: step frozen (threads)\n", markdown);
        Assert.Contains("- only in `base`: step frozen (gone)\n", markdown);
        Assert.Contains("- only in `diff`: step frozen (new)\n", markdown);
        Assert.DoesNotContain('\r', markdown);
    }

    [Fact]
    public void Markdown_EscapesWhatWouldBreakItsTable()
    {
        var row = ComparisonMarkdown.Write(example).Split('\n').Single(line => line.Contains("d\\\\e", StringComparison.Ordinal));
        Assert.Contains("frozen a\\|b\\<c\\>\\`d\\\\e\\_f", row);
        // Five cells: six bars that no backslash guards.
        Assert.Equal(6, row.Where((character, index) => character == '|' && (index == 0 || row[index - 1] != '\\')).Count());
    }

    [Fact]
    public void Notes_SayWhatOneRunASideHides()
    {
        var notes = ComparisonText.Notes(ResultComparison.Of(Measured.Side("x", Measured.Case("a", Measured.About(100))), Measured.Side("y", Measured.Case("b", Measured.About(100))), new ComparisonOptions()));
        // exp(4.604 * 0.09 * sqrt 2) * 1.05
        Assert.Contains(notes, note => note.StartsWith("One run a side in 1 of 1 cases: there a change below 1.89x cannot be told", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.EndsWith(": 9 %, assumed (--launch-noise).", StringComparison.Ordinal));
    }

    [Fact]
    public void NamesakesAreToldApart()
    {
        MeasuredCase[] rows = [Measured.Case("a", Measured.About(100)), Measured.Case("a", Measured.About(100), change: row => row with { BatchSize = 64 })];
        var comparison = ResultComparison.Of(Measured.Side("x", rows), Measured.Side("y", rows), new ComparisonOptions());
        var all = comparison.Cases.Select(entry => entry.Settings).ToList();
        Assert.Equal(["frozen step batch_size=128", "frozen step batch_size=64"], all.Select(settings => ComparisonText.Name(settings, all)).Order(StringComparer.Ordinal));
        Assert.Equal("step frozen (step batch_size=128, step batch_size=64)", ComparisonText.Names(all.OrderByDescending(settings => settings.BatchSize), all));
    }

    [Fact]
    public void Json_HasTheDocumentedFields()
    {
        using var document = JsonDocument.Parse(ComparisonJson.Write(example));
        var root = document.RootElement;
        Assert.Equal(["schema_version", "base", "diff", "options", "counts", "cases", "unlike", "environments", "base_only", "diff_only", "left_out_runs", "launch_spread", "kind", "base_name", "diff_name", "where", "overall", "remarks", "base_libtorch", "diff_libtorch"], Names(root));
        Assert.Equal(["threshold_fraction", "confidence", "launch_noise_fraction", "noise_floor_ms"], Names(root.GetProperty("options")));
        var first = root.GetProperty("cases")[0];
        Assert.Equal(["settings", "verdict", "reason", "ratio", "ratio_lower", "ratio_upper", "very_noisy", "throttled", "dirty", "disturbed", "base", "diff"], Names(first));
        Assert.Equal(["centre_ms", "run_centres_ms", "run_ids", "sample_count"], Names(first.GetProperty("base")));
        Assert.Equal(["suite", "policy", "phase"], Names(first.GetProperty("settings")).Take(3));
        Assert.Equal("worse", first.GetProperty("verdict").GetString());
        Assert.Equal(example.Cases[0].Ratio!.Lower!.Value, first.GetProperty("ratio_lower").GetDouble());
        Assert.Equal("threads", root.GetProperty("unlike")[0].GetProperty("differences")[0].GetProperty("name").GetString());
        Assert.Equal("gone", root.GetProperty("base_only")[0].GetProperty("phase").GetString());
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
