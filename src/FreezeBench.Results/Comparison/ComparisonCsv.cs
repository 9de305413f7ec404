using FreezeBench.Results.Rows;
using FreezeBench.Results.Tables;

namespace FreezeBench.Results.Comparison;

/// <summary>A comparison as CSV for programs: a row a case.</summary>
public static class ComparisonCsv
{
    /// <summary>Columns of the settings, those of benchmarks.csv; an open one is empty.</summary>
    internal static IReadOnlyList<string> SettingColumns { get; } =
        ["suite", "policy", "phase", "framework", "kernels", "backbone", "weights", "dataset", "classes", "resolution_px", "batch_size", "images", "precision", "memory_format", "threads"];

    private static readonly string[] figures = ["base_ms", "diff_ms", "ratio", "ratio_lower", "ratio_upper", "verdict", "base_runs", "diff_runs", "base_memory_format", "diff_memory_format", "base_threads", "diff_threads"];

    /// <summary>The comparison.</summary>
    public static string Write(ResultComparison comparison) => Write([comparison]);

    /// <summary>Several, one after the other.</summary>
    public static string Write(IEnumerable<ResultComparison> comparisons) =>
        CsvTable.Of(["kind", "base", "diff", .. SettingColumns, .. figures], comparisons.SelectMany(comparison => comparison.Cases.Select(entry => (IReadOnlyList<object?>)
        [
            comparison.Kind.Word(), comparison.BaseName, comparison.DiffName, .. Cells(WithWay(entry)), entry.Base.CentreMs, entry.Diff.CentreMs,
            entry.Ratio?.Value, entry.Ratio?.Lower, entry.Ratio?.Upper, ComparisonText.Word(entry.Verdict, comparison.Kind), entry.Base.RunIds.Count, entry.Diff.RunIds.Count,
            entry.Base.Way.MemoryFormat, entry.Diff.Way.MemoryFormat, entry.Base.Way.Threads, entry.Diff.Way.Threads,
        ])));

    // What both sides do alike is the case's; else the columns of each side tell it.
    private static CaseSettings WithWay(CaseComparison entry) => entry.Settings with
    {
        MemoryFormat = entry.Base.Way.MemoryFormat == entry.Diff.Way.MemoryFormat ? entry.Base.Way.MemoryFormat : null,
        Threads = entry.Base.Way.Threads == entry.Diff.Way.Threads ? entry.Base.Way.Threads : null,
    };

    /// <summary>A case's settings in the order of the columns.</summary>
    internal static IEnumerable<object?> Cells(CaseSettings settings)
    {
        var values = settings.Values.ToDictionary(value => value.Column, value => value.Text);
        return SettingColumns.Select(column => (object?)values.GetValueOrDefault(column));
    }
}
