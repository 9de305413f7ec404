using System.Globalization;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;
using Spectre.Console;

namespace FreezeBench.Benchmarks.Output;

/// <summary>The scaling suite on the terminal: throughput by size, time of an epoch by its images, what the harness costs.</summary>
/// <param name="rows">Rows of one run.</param>
public sealed class ScalingTables(IReadOnlyList<BenchmarkRow> rows)
{
    private readonly List<BenchmarkRow> own = [.. rows.Where(row => row.Suite == SuiteNames.Scaling)];

    /// <summary>Writes what was measured, within 80 columns.</summary>
    public void Write(IAnsiConsole console)
    {
        var policies = own.Select(row => new PolicyName(row.Policy, row.Kernels)).Distinct().InPolicyOrder(name => name).ToList();
        foreach (var policy in policies)
            WriteSizes(console, policy);
        foreach (var policy in policies)
            WriteEpochs(console, policy);
        foreach (var policy in policies)
            WriteOverhead(console, policy);
    }

    /// <summary>The line through a policy's epochs: x in images, y in ms; null where fewer than three lengths were measured.</summary>
    public LinearFit? EpochFit(PolicyName policy)
    {
        var points = own.Where(row => IsOf(row, policy) && CasePhases.IsEpochOf(row.Phase) && row.MedianMs > 0)
            .Select(row => ((double)row.Images, row.MedianMs)).ToList();
        // A line through two points has no residual that could say whether it is one.
        return points.Select(point => point.Item1).Distinct().Count() >= 3 ? LinearFit.Of(points) : null;
    }

    private void WriteSizes(IAnsiConsole console, PolicyName policy)
    {
        var steps = own.Where(row => IsOf(row, policy) && row.Phase == CasePhases.Step).ToList();
        if (steps is [])
            return;
        var resolutions = steps.Select(row => row.ResolutionPx).Distinct().Order().ToList();
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn(new TableColumn("images a step") { NoWrap = true });
        foreach (var resolution in resolutions)
            table.AddColumn(new TableColumn(string.Create(CultureInfo.InvariantCulture, $"{resolution} px")) { Alignment = Justify.Right, NoWrap = true });
        foreach (var batch in steps.GroupBy(row => row.BatchSize).OrderBy(group => group.Key))
            table.AddRow([batch.Key.ToString(CultureInfo.InvariantCulture), .. resolutions.Select(resolution => Rate(batch.FirstOrDefault(row => row.ResolutionPx == resolution)))]);
        console.MarkupLineInterpolated($"{policy}: images/s of a training step by batch size and resolution.");
        console.Write(table);
    }

    private void WriteEpochs(IAnsiConsole console, PolicyName policy)
    {
        if (EpochFit(policy) is not { } fit)
            return;
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"{policy}: an epoch takes {fit.Intercept:0.###} ms + images / ({1000 / fit.Slope:0} images/s).");
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"  off that line: {fit.RmsResidual:0.###} ms RMS, {100 * fit.LargestRelativeResidual:0.0} % at most.");
    }

    private void WriteOverhead(IAnsiConsole console, PolicyName policy)
    {
        BenchmarkRow? Row(string phase) => own.FirstOrDefault(row => IsOf(row, policy) && row.Phase == phase);
        if (Row(CasePhases.HarnessOverhead) is not { } overhead || Row(CasePhases.PairedStep) is not { MedianMs: > 0 } step)
            return;
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"{policy}: beside libtorch's work, at most {overhead.MedianMs:0.00} ms of a step's {CellText.Ms(step)} ms");
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"  (batch {step.BatchSize}, {step.ResolutionPx} px): {100 * overhead.MedianMs / step.MedianMs:0.00} %.");
    }

    private static bool IsOf(BenchmarkRow row, PolicyName policy) => row.Policy == policy.Policy && row.Kernels == policy.Kernels;

    private static string Rate(BenchmarkRow? row) => row?.ThroughputImagesPerS is { } rate ? CellText.Number(rate, rate >= 100 ? "0" : "0.0") + CellText.Mark(row) : "-";
}
