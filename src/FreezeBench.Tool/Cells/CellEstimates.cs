using System.Globalization;
using FreezeBench.Results;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using FreezeBench.Results.Statistics;
using FreezeBench.Results.Workloads;

namespace FreezeBench.Tool.Cells;

/// <summary>
/// Expects of a cell what it took before: first of its own attempts, then of rows of the same case, then of a line through the epochs of other
/// lengths, which the suite scaling measures: a constant and so much an image.
/// </summary>
/// <param name="cells">Of the matrix.</param>
/// <param name="folder">With the attempts.</param>
/// <param name="rows">Results folders.</param>
internal sealed class CellEstimates(IReadOnlyList<Cell> cells, JobFolder folder, IReadOnlyList<ResultSet> rows)
{
    private const string DefaultNetwork = "resnet18";

    private readonly IReadOnlyList<(Cell Cell, Attempt Attempt)> finished = [.. cells.Select(cell => (cell, folder.Finished(cell))).Where(pair => pair.Item2 is not null).Select(pair => (pair.cell, pair.Item2!.Value.Attempt))];
    private readonly IReadOnlyList<BenchmarkRow> benchmarks = [.. rows.SelectMany(set => set.Environments).SelectMany(environment => environment.Cases).Select(one => one.Row).Where(row => row.Framework == NamedCase.OwnFramework)];
    private readonly IReadOnlyList<AccuracyRow> epochs = [.. rows.SelectMany(set => set.Environments).SelectMany(environment => environment.Epochs)];

    /// <summary>Expects a cell's time, without the start of its process.</summary>
    internal CellEstimate Of(Cell cell)
    {
        // Of another repeat, the same kind of node first.
        var before = finished.Where(pair => IsSame(pair.Cell, cell) && pair.Attempt.Duration is { TotalSeconds: var seconds } && CellEstimate.IsPossible(seconds)).OrderBy(pair => pair.Cell.Node.Name != cell.Node.Name).ThenByDescending(pair => pair.Attempt.Ended).Select(pair => (pair.Cell, pair.Attempt)).FirstOrDefault();
        if (before.Attempt is { Duration: { TotalSeconds: var took } })
            return CellEstimate.Of(took, $"an attempt on {before.Attempt.Host}{(before.Cell.Node.Name == cell.Node.Name ? "" : $", a {before.Cell.Node.Name}")}");
        return cell.Program == CellProgram.Accuracy ? OfTraining(cell) : OfBenchmark(cell);
    }

    /// <summary>The most GPU memory that rows of the same case took, in bytes, and whose they are; null: none tells.</summary>
    internal (long Bytes, string Source)? GpuMemoryOf(Cell cell) =>
        cell.Program == CellProgram.Bench && Alike(cell).Where(row => row.PeakMemoryBytes is not null && TorchFacts.IsGpu(row.Device)).MaxBy(row => row.PeakMemoryBytes) is { } row
            ? (row.PeakMemoryBytes!.Value, $"rows of {row.EnvironmentId}") : null;

    /// <summary>Whether two cells are the same but for the node and the repeat.</summary>
    internal static bool IsSame(Cell first, Cell second) => first.Program == second.Program && first.Settings.SequenceEqual(second.Settings) && first.Options.SequenceEqual(second.Options);

    private CellEstimate OfBenchmark(Cell cell)
    {
        var length = WorkloadOf(cell)?.ImagesPerEpoch ?? Number(Option(cell, "images-per-epoch"));
        var alike = Alike(cell);
        // One run: what is measured of a case differs between settings.
        var run = alike.Where(row => row.Suite != StandardWorkloads.EpochSuite || length is null || row.Images == length).GroupBy(row => row.RunId)
            .Where(group => Suites(cell).All(suite => group.Any(row => row.Suite == suite))).MaxBy(group => group.Key, StringComparer.Ordinal);
        if (run is not null)
            return CellEstimate.Of(run.Sum(row => Iterations(row) * row.MeanMs) / 1000, $"rows of {run.First().EnvironmentId}, run {run.Key}");
        return OfLine(cell, alike, length);
    }

    private static StandardWorkload? WorkloadOf(Cell cell) => cell.ValueOf(CellAxis.Workloads.One) is { } name ? StandardWorkloads.Find(name) : null;

    private List<BenchmarkRow> Alike(Cell cell)
    {
        var workload = WorkloadOf(cell);
        return [.. benchmarks.Where(row => Has(cell, row.Policy, row.Kernels, workload?.Backbone ?? cell.ValueOf(CellAxis.Networks.One), workload?.ResolutionPx ?? Number(cell.ValueOf(CellAxis.Resolutions.One)),
                workload?.BatchSize ?? Number(cell.ValueOf(CellAxis.BatchSizes.One)), workload?.Precision ?? cell.ValueOf(CellAxis.Precisions.One), row.Backbone, row.ResolutionPx, row.BatchSize, row.Precision)
            && IsOn(cell, row.Device) && Suites(cell).Contains(row.Suite))];
    }

    // The steps of an epoch do not depend on its length; the epochs are on a line.
    private CellEstimate OfLine(Cell cell, List<BenchmarkRow> alike, int? length)
    {
        if (length is not { } images)
            return CellEstimate.Unknown;
        foreach (var group in benchmarks.Where(row => row is { Phase: "epoch", Suite: StandardWorkloads.EpochSuite or "scaling" } && alike.Any(one => IsSize(row, one)) && row.MeanMs > 0 && IsOn(cell, row.Device))
            .GroupBy(row => row.EnvironmentId).OrderByDescending(group => group.Max(row => row.RunId), StringComparer.Ordinal))
        {
            if (group.Select(row => row.Images).Distinct().Count() < 2)
                continue;
            var line = LinearFit.Of([.. group.Select(row => ((double)row.Images, row.MeanMs))]);
            var epoch = Math.Max(0, line.Intercept + line.Slope * images);
            var iterations = group.Select(Iterations).Order().ElementAt(group.Count() / 2);
            var steps = alike.Where(row => row.EnvironmentId == group.Key && row.Suite == StandardWorkloads.StepSuite && Suites(cell).Contains(row.Suite)).GroupBy(row => row.RunId).MaxBy(run => run.Key, StringComparer.Ordinal)?.Sum(row => Iterations(row) * row.MeanMs) ?? 0;
            return CellEstimate.Of((iterations * epoch + steps) / 1000, string.Create(CultureInfo.InvariantCulture,
                $"the line through epochs of {group.Min(row => row.Images):N0} to {group.Max(row => row.Images):N0} images of {group.Key}"));
        }
        return CellEstimate.Unknown;
    }

    private CellEstimate OfTraining(Cell cell)
    {
        var wanted = Number(Option(cell, "epochs")) ?? 1;
        var run = epochs.Where(row => Has(cell, row.Policy, row.Kernels, cell.ValueOf(CellAxis.Networks.One), Number(cell.ValueOf(CellAxis.Resolutions.One)), Number(cell.ValueOf(CellAxis.BatchSizes.One)),
                cell.ValueOf(CellAxis.Precisions.One), row.Backbone, row.ResolutionPx, row.BatchSize, row.Precision)
            && IsOn(cell, row.Device) && row.Dataset == (Option(cell, "dataset-label") ?? cell.ValueOf(CellAxis.Datasets.One) ?? "cifar10")
            && (Number(Option(cell, "train-limit")) is not { } limit || limit == row.TrainTotal)).GroupBy(row => (row.RunId, row.Seed)).MaxBy(group => group.Key.RunId, StringComparer.Ordinal);
        return run is null ? CellEstimate.Unknown
            : CellEstimate.Of(wanted * run.Average(row => row.TrainTimeS + row.EvaluationTimeS), $"epochs of {run.First().EnvironmentId}, run {run.Key.RunId}");
    }

    // What a cell leaves to the program keeps nothing apart.
    private static bool Has(Cell cell, string policy, KernelKind kernels, string? network, int? resolution, int? batchSize, string? precision, string ofNetwork, int ofResolution, int ofBatch, string ofPrecision) =>
        cell.ValueOf(CellAxis.Policies.One) == policy && (cell.ValueOf(CellAxis.Kernels.One) is not { } kind || kind == kernels.Word())
        && (network ?? DefaultNetwork) == ofNetwork && (resolution ?? ofResolution) == ofResolution && (batchSize ?? ofBatch) == ofBatch && (precision ?? ofPrecision) == ofPrecision;

    private static bool IsSize(BenchmarkRow row, BenchmarkRow other) =>
        (row.Policy, row.Kernels, row.Backbone, row.ResolutionPx, row.BatchSize, row.Precision) == (other.Policy, other.Kernels, other.Backbone, other.ResolutionPx, other.BatchSize, other.Precision);

    private static bool IsOn(Cell cell, string device) => cell.Node.Device == "auto" || cell.Node.Device.Split(':')[0] == device.Split(':')[0];

    private static string[] Suites(Cell cell) => Option(cell, "suites")?.Split(',') ?? [.. StandardWorkloads.Suites];

    private static double Iterations(BenchmarkRow row) => ((double)row.WarmUpCount + row.SampleCount) * row.OperationsPerSample;

    private static string? Option(Cell cell, string name) => cell.Options.FirstOrDefault(option => option.Name == name).Value;

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
