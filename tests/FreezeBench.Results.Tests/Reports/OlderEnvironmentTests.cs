using FreezeBench.Results.Machine;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Sets;
using Xunit;
using static FreezeBench.Results.Tests.Reports.MadeUp;

namespace FreezeBench.Results.Tests.Reports;

/// <summary>A machine that newer software gave another id has one section in Markdown, by which people scroll; the HTML folds both.</summary>
public class OlderEnvironmentTests
{
    private static readonly IEnumerable<MeasuredCase> newer = Times(1000).Select(measured => measured.In("20260301T000000Z-0011aabb").But(row => row with { Commit = new string('9', 40), UtcTime = row.UtcTime.AddMonths(1) }));

    [Theory]
    [InlineData(true, true, false)]
    [InlineData(true, false, false)]
    [InlineData(false, false, false)]
    // What is there alone is shown.
    [InlineData(false, true, true)]
    public void OlderIdOfAMachine_HasASection_WhereItAloneHasTrainings(bool newerTrained, bool olderTrained, bool isShown)
    {
        var text = MarkdownReportTests.Write(ReportBuilder.Build(Set(
            In(Examples.Cpu, newer, newerTrained), In(Examples.OldCpu, Times(1100), olderTrained))));

        Assert.Contains($"(`{Examples.Cpu.Id}`)\n", text, StringComparison.Ordinal);
        Assert.Equal(isShown, text.Contains($"(`{Examples.OldCpu.Id}`)\n", StringComparison.Ordinal));
        Assert.Equal(!isShown, text.Contains($"\nIn the HTML report alone, as the machines above under other ids: `{Examples.OldCpu.Id}`.\n", StringComparison.Ordinal));
    }

    private static EnvironmentResults In(EnvironmentRecord record, IEnumerable<MeasuredCase> cases, bool isTrained)
    {
        var trained = isTrained ? Training("frozen", 1, 500).Select(row => row with { EnvironmentId = record.Id }) : [];
        return Environment([.. cases.Select(measured => measured.But(row => row with { EnvironmentId = record.Id }))], trained, record: record) with { Folder = $"/results/{record.Id}" };
    }

    private static IEnumerable<MeasuredCase> Times(double ms) => [Case("epoch", "fine-tune", "epoch", ms), Case("epoch", "frozen", "epoch", ms / 4)];
}
