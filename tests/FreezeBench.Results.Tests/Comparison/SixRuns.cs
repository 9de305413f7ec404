using System.Globalization;

namespace FreezeBench.Results.Tests.Comparison;

/// <summary>Samples of six runs of one commit on a shared virtual machine with two cores that had no other work: the step suite for
/// fine-tune, frozen and frozen-cached, ten samples a case.</summary>
/// <remarks>The file's lines are the value_ms of a samples.csv that six runs of the benchmarks (--suites step --policies
/// fine-tune,frozen,frozen-cached) wrote, a line for each case and run, made by
/// <c>awk -F, 'NR > 1 { key = $6 "," $7 "," $2; if (!(key in values)) order[++count] = key; values[key] = values[key] "," $16 }
/// END { for (i = 1; i &lt;= count; i++) print order[i] values[order[i]] }' samples.csv</c>, with a heading.</remarks>
internal static class SixRuns
{
    internal const int Count = 6;

    internal static IReadOnlyList<(string Policy, string Phase, IReadOnlyList<double[]> Runs)> Read() =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Comparison", "Goldens", "six-runs-of-one-commit.csv")).Skip(1)
            .Select(line => line.Split(','))
            .GroupBy(cells => (Policy: cells[0], Phase: cells[1]))
            .Select(lines => (lines.Key.Policy, lines.Key.Phase, (IReadOnlyList<double[]>)[.. lines.OrderBy(cells => cells[2], StringComparer.Ordinal)
                .Select(cells => cells.Skip(3).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())]))];
}
