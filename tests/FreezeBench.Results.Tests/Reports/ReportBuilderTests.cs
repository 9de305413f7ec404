using System.Globalization;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Sets;
using Xunit;
using static FreezeBench.Results.Tests.Reports.MadeUp;

namespace FreezeBench.Results.Tests.Reports;

public class ReportBuilderTests
{
    private static readonly EnvironmentRecord other = Examples.Cpu with { Machine = Examples.Cpu.Machine with { CpuModel = "Other", LogicalCores = 1 } };

    [Fact]
    public void NoEnvironment_IsAnEmptyReport() => Assert.Equal((0, 0), (ReportBuilder.Build(Set()).Environments.Count, ReportBuilder.Build(Set()).Matrices.Count));

    [Fact]
    public void Names_AreTheGpusOrTheCpus()
    {
        var report = ReportBuilder.Build(Set(Environment(), Environment(record: Examples.Gpu), Environment(record: other)));

        Assert.Equal(["AMD EPYC, AVX-512, 2 cores", "NVIDIA H100 80GB HBM3", "Other, AVX-512, 1 core"], report.Environments.Select(environment => environment.Name).Order(StringComparer.Ordinal));
        Assert.Equal(report.Environments.Select(environment => environment.Id).Order(StringComparer.Ordinal), report.Environments.Select(environment => environment.Id));
        Assert.Contains(new EnvironmentFact("Driver", "570.86.15, CUDA up to 12.8"), report.Environments.Single(environment => environment.Name.StartsWith("NVIDIA", StringComparison.Ordinal)).Facts);
        Assert.DoesNotContain(report.Environments.Single(environment => environment.Name.StartsWith("AMD", StringComparison.Ordinal)).Facts, fact => fact.Name.Contains("GPU", StringComparison.Ordinal));
    }

    [Fact]
    public void CpuFamily_IsAFact_WhereItIsKnown()
    {
        var report = ReportBuilder.Build(Set(Environment(), Environment(record: Examples.OldCpu)));

        Assert.Equal(
            [(Examples.Cpu.Id, "AuthenticAMD family 26 model 2 stepping 1")],
            report.Environments.SelectMany(environment => environment.Facts.Where(fact => fact.Name == "CPU family").Select(fact => (environment.Id, fact.Value))));
    }

    [Fact]
    public void Matrix_SetsEnvironmentsSideBySide_WhateverTheirThreadsAndDevice()
    {
        var here = Case("epoch", "frozen", "epoch", 100);
        var there = Case("epoch", "frozen", "epoch", 10).But(row => row with { Threads = 16, Device = "cuda:0" });
        var matrix = Assert.Single(ReportBuilder.Build(Set(Environment([here, Case("step", "frozen", "step", 1).But(row => row with { BatchSize = 1 })]), Environment([there], record: Examples.Gpu))).Matrices);

        Assert.Equal([Examples.Cpu.Id, Examples.Gpu.Id], matrix.Rows.Select(row => row.EnvironmentId));
        Assert.Equal([5120, 51200], matrix.Rows.Select(row => Assert.Single(row.Policies).ImagesPerS!.Value));
        Assert.DoesNotContain("thread", matrix.Settings, StringComparison.Ordinal);
    }

    [Fact]
    public void Matrix_NeedsTwoEnvironments_AndEqualSettings()
    {
        var here = Case("epoch", "frozen", "epoch", 100);

        Assert.Empty(ReportBuilder.Build(Set(Environment([here, here.But(row => row with { Threads = 1 })]))).Matrices);
        Assert.Empty(ReportBuilder.Build(Set(Environment([here]), Environment([here.But(row => row with { Precision = "tf32" })], record: Examples.Gpu))).Matrices);
    }

    [Fact]
    public void Scaling_FollowsBatchSizeAndResolution_OfSteps()
    {
        MeasuredCase Step(int batch, int px, double ms) => Case("step", "frozen", "step", ms).But(row => row with { BatchSize = batch, Images = batch, ResolutionPx = px });
        var scaling = Scaling(Step(64, 32, 64), Step(16, 32, 8), Step(16, 64, 32), Case("step", "frozen", "backward", 1).But(row => row with { BatchSize = 128 }));

        Assert.Equal(["batch size", "resolution"], scaling.Select(series => series.Size));
        Assert.Equal([(16, 2000.0), (64, 1000.0)], scaling[0].Points.Select(point => (point.Size, point.ImagesPerS.Value)));
        Assert.Equal([(32, 2000.0), (64, 500.0)], scaling[1].Points.Select(point => (point.Size, point.ImagesPerS.Value)));
        Assert.EndsWith("images/s of a training step", scaling[0].Settings, StringComparison.Ordinal);
    }

    [Fact]
    public void Scaling_TakesEpochs_WhereStepsAreTooFew()
    {
        var series = Assert.Single(Scaling(
            Case("step", "frozen", "step", 1), Case("epoch", "frozen", "epoch", 512), Case("epoch", "frozen", "epoch", 128).But(row => row with { BatchSize = 16, Images = 1024 })));

        Assert.Equal([(16, 8000.0), (64, 1000.0)], series.Points.Select(point => (point.Size, point.ImagesPerS.Value)));
        Assert.EndsWith("images/s of a training epoch", series.Settings, StringComparison.Ordinal);
    }

    [Fact]
    public void ScalingSuite_IsInTheSeries_AndInNoTable()
    {
        MeasuredCase At(int batchSize, double ms, string phase = "step") =>
            Case("scaling", "frozen", phase, ms).But(row => row with { BatchSize = batchSize, Images = batchSize });
        var environment = ReportBuilder.Build(Set(Environment([Case("epoch", "frozen", "epoch", 500), Case("step", "frozen", "step", 64), At(16, 8), At(128, 100), At(128, 1, "paired_step")]))).Environments[0];

        Assert.Equal([(16, 2000.0), (64, 1000.0), (128, 1280.0)], Assert.Single(environment.Scaling).Points.Select(point => (point.Size, point.ImagesPerS.Value)));
        Assert.Single(environment.Times);
    }

    [Fact]
    public void Scaling_OfOneSize_IsNone() => Assert.Empty(Scaling(Case("step", "frozen", "step", 1), Case("step", "frozen", "step", 2).In(NewerRun)));

    [Fact]
    public void OrderOfFolders_AndCulture_ChangeNothing()
    {
        var (first, second) = (Environment([Case("epoch", "frozen", "epoch", 100.5)], Training("frozen", 1, 333, 444)), Environment([Case("epoch", "frozen", "epoch", 10.5)], record: other));
        var expected = (Markdown(Set(first, second)), Json(Set(first, second)));
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");

            Assert.Equal(expected, (Markdown(Set(second, first)), Json(Set(second, first))));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void FoldersOfOneEnvironment_AreOnePart_InAnyOrder()
    {
        var first = Environment([Case("epoch", "fine-tune", "epoch", 800)]);
        var second = Environment([Case("epoch", "frozen", "epoch", 100)]) with { Folder = "/results/b" };

        Assert.Equal(8, Assert.Single(ReportBuilder.Build(Set(second, first)).Environments).Times[0].Policies[1].SpeedUp!.Value);
        Assert.Equal(Json(Set(first, second)), Json(Set(second, first)));
    }

    private static IReadOnlyList<ScalingSeries> Scaling(params MeasuredCase[] cases) => ReportBuilder.Build(Set(Environment(cases))).Environments[0].Scaling;

    private static string Markdown(ResultSet set) => MarkdownReportTests.Write(ReportBuilder.Build(set));

    private static string Json(ResultSet set) => JsonReportTests.Write(ReportBuilder.Build(set));
}
