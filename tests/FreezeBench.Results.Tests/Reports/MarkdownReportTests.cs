using System.Text.RegularExpressions;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Statistics;
using FreezeBench.Results.Tables;
using Xunit;
using static FreezeBench.Results.Tests.Reports.MadeUp;

namespace FreezeBench.Results.Tests.Reports;

public class MarkdownReportTests
{
    internal static Origin Origin { get; } = new()
    {
        EnvironmentId = "amd-epyc-2c-00000000",
        RunIds = [Run],
        Commits = ["0123456789abcdef0123456789abcdef01234567"],
        Date = new DateOnly(2026, 1, 2),
        Count = 7,
        Noise = NoiseVerdict.Quiet,
        Throttled = false,
        Dirty = false,
    };

    [Fact]
    public void FirstLine_NamesTheCommandThatMadeIt() => Assert.StartsWith(
        "<!-- Generated from the CSV files by `freezebench report results --out results/README.md`; do not edit. -->\n", Write(ReportBuilder.Build(Set())), StringComparison.Ordinal);

    [Fact]
    public void Answers_ComeBeforeTables_AndCellsLeadToTheirRows()
    {
        var text = Write(ReportBuilder.Build(Set(Environment(
            [Case("epoch", "fine-tune", "epoch", 2000), Case("epoch", "frozen", "epoch", 250).But(row => row with { NoiseVerdict = NoiseVerdict.VeryNoisy, Throttled = true, Dirty = true })]))));

        Assert.True(text.IndexOf("frozen is 8.0x faster", StringComparison.Ordinal) < text.IndexOf("| policy |", StringComparison.Ordinal));
        Assert.Contains("\n| policy | epoch | images/s | speed-up | peak memory (resident-peak) |\n|---|--:|--:|--:|--:|\n", text, StringComparison.Ordinal);
        Assert.Contains("\n| `frozen` | 250 ms \\!t?<sup>2</sup> | 2048 \\!t?<sup>2</sup> | 8.00x \\!t?<sup>2</sup> | 3.00 GiB \\!t?<sup>2</sup> |\n", text, StringComparison.Ordinal);
        Assert.Contains($"\n1. `{Examples.Cpu.Id}`, run `{Run}`, commit `0123456789`, 2026-01-02, n = 1, quiet\n", text, StringComparison.Ordinal);
        Assert.Contains("n = 1, very noisy, throttled, code not committed\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    [Fact]
    public void Disturbance_IsMarked_WithItsReason()
    {
        var text = Write(ReportBuilder.Build(Set(Environment(epochs: Training("frozen", 1, 500, 600), remarks: [Disturbed(Run, "a build ran | beside")]))));

        Assert.Contains($"The times of run `{Run}` say nothing (marked `d`): a build ran \\| beside.", text, StringComparison.Ordinal);
        Assert.Contains("| `frozen` | 1 | 2 | 60.0 % (56.9 to 63.0)<sup>1</sup> | 21.0 s d<sup>2</sup> |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Energy_HasAColumn_WhereAnyRowKnowsIt()
    {
        var epochs = Training("frozen", 1, 500, 600).Select(row => row with { EnergyJ = 40 + row.Epoch, EnergySource = "rapl" });
        var text = Write(ReportBuilder.Build(Set(Environment(
            [Case("epoch", "fine-tune", "epoch", 2000), Case("epoch", "frozen", "epoch", 250).But(row => row with { EnergyJ = 31.5, EnergySource = "nvml" })], epochs))));

        Assert.Contains("| peak memory (resident-peak) | energy of an epoch (nvml) |\n", text, StringComparison.Ordinal);
        Assert.Contains(" | 31.5 J<sup>1</sup> |\n", text, StringComparison.Ordinal);
        Assert.Contains("| a later one | energy of an epoch (rapl) |\n", text, StringComparison.Ordinal);
        // 41 J and 42 J.
        Assert.Contains(" | 41.5 J<sup>", text, StringComparison.Ordinal);
        Assert.Contains("Energy is that of the whole device", text, StringComparison.Ordinal);
        Assert.DoesNotContain("energy", Write(ReportBuilder.Build(Set(Environment([Case("epoch", "frozen", "epoch", 250)], Training("frozen", 1, 500))))), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void RichestTables_AreShown_AndTheRestIsCounted()
    {
        var text = Write(ReportBuilder.Build(Set(
            Environment(
            [
                Case("epoch", "fine-tune", "epoch", 100), Case("step", "frozen", "step", 10), Case("step", "frozen", "step", 10).But(row => row with { BatchSize = 128, Images = 128 }),
                Case("step", "frozen", "step", 10).But(row => row with { BatchSize = 256, Images = 256 }),
            ], [.. Training("frozen", 1, 500), .. Training("frozen", 1, 500).Select(row => row with { Classes = 2 })]))));

        Assert.Single(Regex.Matches(text, "### Times: "));
        Assert.Single(Regex.Matches(text, "### Accuracy: "));
        Assert.Contains("In the HTML report: phases of a step, 2 sizes or networks more, 1 training more, 1 series of sizes more.\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>", "\\<script\\>alert(1)\\</script\\>")]
    [InlineData("a|b`c`\\", "a\\|b\\`c\\`\\\\")]
    [InlineData("[x](http://y) *b* _i_ ~s~", "\\[x\\](http\\://y) \\*b\\* \\_i\\_ \\~s\\~")]
    [InlineData("=cmd()", "'=cmd()")]
    [InlineData("'=cmd()", "''=cmd()")]
    [InlineData("-1", "'-1")]
    [InlineData("@user", "'\\@user")]
    [InlineData("a\r\nb\u2028c\td", "a  b c d")]
    [InlineData("txt\u202Egnp", "txtU+202Egnp")]
    [InlineData("résumé 测试", "résumé 测试")]
    public void Texts_AreShownAndObeyedByNobody(string text, string markdown) => Assert.Equal(markdown, MarkdownText.Plain(text));

    [Theory]
    [InlineData("from-layer1", "`from-layer1`")]
    [InlineData("lora:16", "`lora:16`")]
    [InlineData("no_grad_forward", "`no_grad_forward`")]
    [InlineData("a`b", "a\\`b")]
    [InlineData("-rf", "'-rf")]
    [InlineData("", "")]
    public void Names_AreCode_WhereNothingInThemIsMarkup(string text, string markdown) => Assert.Equal(markdown, MarkdownText.Name(text));

    [Fact]
    public void HostileRows_LeaveTheTableWhole()
    {
        const string Bad = "=1|2\n<img src=x onerror=alert(1)>";
        var text = Write(ReportBuilder.Build(Set(Environment(
            [Case("epoch", "frozen", "epoch", 1).But(row => row with { Policy = Bad, Dataset = Bad, Commit = Bad, RunId = Bad }), Case("step", "frozen", Bad, 1)],
            Training("frozen", 1, 5).Select(row => row with { Policy = Bad, Dataset = Bad, Weights = Bad }),
            record: Examples.Cpu with { Machine = Examples.Cpu.Machine with { CpuModel = Bad } }))));

        Assert.DoesNotContain("<img", text.Replace("\\<img", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("\n<", text, StringComparison.Ordinal);
        Assert.Contains("\n| '=1\\|2 \\<img src=x onerror=alert(1)\\> | 1.00 ms", text, StringComparison.Ordinal);
    }

    internal static string Write(Report report)
    {
        using var writer = new StringWriter { NewLine = "\r\n" };
        MarkdownReport.Write(report, writer);
        return writer.ToString();
    }
}
