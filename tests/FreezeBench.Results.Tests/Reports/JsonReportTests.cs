using System.Text;
using System.Text.Json;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using Xunit;
using static FreezeBench.Results.Tests.Reports.MadeUp;

namespace FreezeBench.Results.Tests.Reports;

public class JsonReportTests
{
    [Fact]
    public void Numbers_AreInFullPrecision_WithTheirUnitAndOrigin()
    {
        var policy = Root(ReportBuilder.Build(Set(Environment([Case("epoch", "frozen", "epoch", 1.0 / 3)])))).GetProperty("environments")[0].GetProperty("times")[0].GetProperty("policies")[0];
        var epoch = policy.GetProperty("epoch_ms");

        Assert.Equal("0.3333333333333333", epoch.GetProperty("value").GetRawText());
        Assert.Equal(JsonValueKind.Null, epoch.GetProperty("lower").ValueKind);
        Assert.Equal(JsonValueKind.Null, policy.GetProperty("step_ms").ValueKind);
        Assert.Equal(
            ["environment_id", "run_ids", "commits", "date", "count", "noise_verdict", "throttled", "disturbed", "dirty"],
            epoch.GetProperty("origin").EnumerateObject().Select(member => member.Name));
        Assert.Equal("2026-01-02", epoch.GetProperty("origin").GetProperty("date").GetString());
    }

    // Whoever adds a property to the report and forgets the JSON is told.
    [Theory]
    [InlineData(typeof(Overview), "overview")]
    [InlineData(typeof(MachineRow), "overview/machines")]
    [InlineData(typeof(MachineEpoch), "overview/machines/epochs")]
    [InlineData(typeof(EnvironmentReport), "environments")]
    [InlineData(typeof(TimeGroup), "environments/times")]
    [InlineData(typeof(PolicyTimes), "environments/times/policies")]
    [InlineData(typeof(OtherTime), "environments/times/others")]
    [InlineData(typeof(KernelGain), "environments/times/kernel_gains")]
    [InlineData(typeof(AccuracyGroup), "environments/accuracies")]
    [InlineData(typeof(PolicyAccuracy), "environments/accuracies/policies")]
    [InlineData(typeof(EpochPoint), "environments/accuracies/policies/points")]
    [InlineData(typeof(ScalingSeries), "environments/scaling")]
    [InlineData(typeof(Matrix), "matrices")]
    [InlineData(typeof(MatrixRow), "matrices/rows")]
    [InlineData(typeof(Origin), "environments/scaling/points/images_per_s/origin")]
    public void Members_AreTheRecordsProperties_InSnakeCase(Type record, string path)
    {
        List<MeasuredCase> cases = [Case("step", "frozen", "step", 10), Case("step", "frozen", "step", 10).But(row => row with { BatchSize = 256 }), Case("epoch", "frozen", "epoch", 8), Case("step", "frozen", "no_grad_forward", 5), Case("step", "frozen", "step", 12).But(row => row with { Kernels = KernelKind.Plain })];
        var element = Root(ReportBuilder.Build(Set(Environment(cases, Training("frozen", 1, 500)), Environment(cases, Training("frozen", 1, 500), record: Examples.Gpu))));
        foreach (var name in path.Split('/'))
        {
            var member = element.GetProperty(name);
            element = member.ValueKind == JsonValueKind.Array ? member[0] : member;
        }

        Assert.Equal(
            record.GetProperties().Where(property => property.Name != "EqualityContract").Select(property => Snake(property.Name)).Order(StringComparer.Ordinal),
            element.EnumerateObject().Select(member => member.Name == "noise_verdict" ? "noise" : member.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Text_CanStandInAnHtmlScript()
    {
        const string Bad = "</script><script>'\"&\u2028é";
        var report = ReportBuilder.Build(Set(Environment([Case("epoch", Bad, "epoch", 1)])));
        var text = Write(report);

        Assert.All(["<", ">", "&", "'", "\u2028", "é"], mark => Assert.DoesNotContain(mark, text, StringComparison.Ordinal));
        Assert.Equal(Bad, Root(report).GetProperty("environments")[0].GetProperty("times")[0].GetProperty("policies")[0].GetProperty("policy").GetString());
    }

    [Fact]
    public void Bytes_AreUtf8WithLineFeeds_TheSameTwice()
    {
        var report = ReportBuilder.Build(Set(Environment([Case("epoch", "frozen", "epoch", 1)])));
        var text = Write(report);

        Assert.Equal(text, Write(report));
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.StartsWith("{\n \"schema_version\": 4,\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    [Fact]
    public void NumberThatIsNotFinite_IsNull()
    {
        var report = ReportBuilder.Build(Set(Environment([Case("epoch", "frozen", "epoch", 1)])));
        var broken = report with { Environments = [report.Environments[0] with { Times = [report.Environments[0].Times[0] with { Policies = [new PolicyTimes { Policy = "p", Phases = [], BackwardShare = double.NaN }] }] }] };

        Assert.Equal(JsonValueKind.Null, Root(broken).GetProperty("environments")[0].GetProperty("times")[0].GetProperty("policies")[0].GetProperty("backward_share").ValueKind);
    }

    internal static string Write(Report report)
    {
        using var stream = new MemoryStream();
        JsonReport.Write(report, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static JsonElement Root(Report report) => JsonDocument.Parse(Write(report)).RootElement;

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
