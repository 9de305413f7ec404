using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Checks;

/// <summary>benchmarks.csv against samples.csv.</summary>
internal sealed class BenchmarkChecks(CheckedFolder folder)
{
    // A dictionary gives no order that anybody promises: the list does.
    private readonly List<(CaseKey Key, CaseSamples Samples)> cases = [];
    private readonly Dictionary<CaseKey, CaseSamples> byCase = [];

    internal void Run()
    {
        var columns = new ColumnChecks<SampleRow>(folder);
        var samplesRead = folder.Each<SampleRow>((line, row) =>
        {
            columns.Row(line, row);
            Sample(line, row);
        });
        var duplicates = cases.SelectMany(item => item.Samples.Duplicates()).OrderBy(sample => sample.Line);
        foreach (var (index, line, firstLine) in duplicates)
            folder.Log.Add(FindingKind.DuplicateRow, folder.Name(SampleRow.FileName), line, "sample_index", $"sample {index} of this case is in line {firstLine} already.");

        var rows = new ColumnChecks<BenchmarkRow>(folder);
        var benchmarksRead = folder.Each<BenchmarkRow>((line, row) =>
        {
            rows.Row(line, row);
            Consistent(line, row);
            // A second row of the case would repeat every finding of the first one.
            if (!rows.IsFirst(line, row, null, () => $"this case"))
                return;
            if (samplesRead)
                Summarised(line, row);
            // Of a file that is read in part nothing can be summed up; but what it has of a case is no orphan.
            else if (byCase.TryGetValue(CaseKey.Of(row), out var samples))
                samples.Taken = true;
        });
        rows.End();
        if (!benchmarksRead)
            return;
        foreach (var (key, samples) in cases.Where(item => !item.Samples.Taken))
            folder.Log.Add(FindingKind.SamplesOrphaned, folder.Name(SampleRow.FileName), samples.FirstLine, null, $"benchmarks.csv has no row of this case: {key.Text}.");
    }

    private void Sample(long line, SampleRow row)
    {
        var key = CaseKey.Of(row);
        if (!byCase.TryGetValue(key, out var samples))
        {
            samples = byCase[key] = new CaseSamples(line) { Operations = row.Operations };
            cases.Add((key, samples));
        }
        if (row.Operations != samples.Operations)
            folder.Log.Add(FindingKind.InconsistentRow, folder.Name(SampleRow.FileName), line, "operations", $"it is {row.Operations}; the case's first sample, in line {samples.FirstLine}, has {samples.Operations}.");
        samples.Add(row.SampleIndex, line, row.ValueMs);
    }

    private void Consistent(long line, BenchmarkRow row)
    {
        double? throughput = row.MedianMs > 0 ? row.Images / (row.MedianMs / 1000) : null;
        Derived.Report(folder, FindingKind.InconsistentRow, line, row, row with { ThroughputImagesPerS = throughput }, "images divided by median_ms are");
        if (row is { FlopsUtilisation: > BenchmarkRow.MostUtilisation, SchemaVersion: >= BenchmarkRow.FirstVersionWithAPeak })
            folder.Log.Add(FindingKind.AbovePeak, folder.Name(BenchmarkRow.FileName), line, "flops_utilisation", $"it is {row.FlopsUtilisation:R}; possible is {BenchmarkRow.MostUtilisation} at most.");
        if (row is { PeakMemoryBytes: null, MemorySource: not null } or { PeakMemoryBytes: not null, MemorySource: null, SchemaVersion: >= BenchmarkRow.FirstVersionWithAMemorySource })
        {
            folder.Log.Add(FindingKind.InconsistentRow, folder.Name(BenchmarkRow.FileName), line, "memory_source",
                $"it is {row.MemorySource?.Word() ?? Unknown.Text}, and peak_memory_bytes is {(row.PeakMemoryBytes is null ? Unknown.Text : "known")}.");
        }
        BoundBy? by = row.HostIssueRatio is { } ratio ? new StepBound(0, 1, ratio).By : null;
        Derived.Report(folder, FindingKind.InconsistentRow, line, row, row with { BoundBy = by }, "by host_issue_ratio it is");
        ParameterChecks.Row(folder, folder.Name(BenchmarkRow.FileName), line, row.TrainableParameters, row.TotalParameters, row.TrainedCheckpointBytes);
    }

    private void Summarised(long line, BenchmarkRow row)
    {
        var file = folder.Name(BenchmarkRow.FileName);
        if (!byCase.TryGetValue(CaseKey.Of(row), out var samples))
        {
            folder.Log.Add(FindingKind.SamplesMissing, file, line, null, $"samples.csv has no sample of this case: {CaseKey.Of(row).Text}.");
            return;
        }
        samples.Taken = true;
        var distinct = samples.Distinct();
        var gap = distinct.Index().FirstOrDefault(item => item.Item.Index != item.Index, (-1, default));
        if (gap.Index >= 0)
        {
            folder.Log.Add(FindingKind.SamplesMissing, file, line, "sample_count", $"sample {gap.Index} of this case is not in samples.csv, which goes on with {gap.Item.Index} in line {gap.Item.Line}.");
            return;
        }
        var summary = SampleSummary.Of([.. distinct.Select(sample => sample.ValueMs)]);
        var expected = row with
        {
            OperationsPerSample = samples.Operations,
            SampleCount = summary.Count,
            MeanMs = summary.Mean,
            MedianMs = summary.Median,
            StandardDeviationMs = summary.StandardDeviation,
            MinMs = summary.Min,
            MaxMs = summary.Max,
            IqrMs = summary.InterquartileRange,
            Ci99LowerMs = summary.ConfidenceLower99,
            Ci99UpperMs = summary.ConfidenceUpper99,
            NoiseVerdict = Noise.Of(summary),
        };
        Derived.Report(folder, FindingKind.Summary, line, row, expected, "the samples give", scale: Math.Abs(summary.Mean));
    }
}
