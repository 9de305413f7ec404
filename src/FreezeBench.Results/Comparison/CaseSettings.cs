using System.Globalization;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Comparison;

/// <summary>What two rows must share before their times may share a ratio.</summary>
/// <remarks>Of the device its kind alone: cuda:0 and cuda:1 of one environment are the same product, else the id would differ.
/// Warm-up, operations a sample and the number of samples are how it was measured, not what.</remarks>
public sealed record CaseSettings
{
    private const string Environment = "environment_id";

    private CaseSettings(IReadOnlyList<(string Column, string Value)> values)
    {
        Values = values;
        Key = string.Join('\n', values.Select(value => value.Value));
    }

    /// <summary>Column names of benchmarks.csv (device_kind apart, which is device without its number) and values, in a fixed order.</summary>
    public IReadOnlyList<(string Column, string Value)> Values { get; }

    /// <summary>The environment id.</summary>
    public string EnvironmentId => Value(Environment);

    /// <summary>Benchmark suite.</summary>
    public string Suite => Value("suite");

    /// <summary>Policy and phase: what a reader knows the case by.</summary>
    public string Name => $"{Value("policy")} {Value("phase")}";

    /// <summary>Equal where, and only where, all values are.</summary>
    internal string Key { get; }

    /// <summary>The settings of a row.</summary>
    public static CaseSettings Of(BenchmarkRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new CaseSettings(
        [
            ("suite", row.Suite), ("policy", row.Policy), ("phase", row.Phase), ("framework", row.Framework), ("kernels", row.Kernels.Word()),
            ("backbone", row.Backbone), ("weights", row.Weights), ("dataset", row.Dataset), ("classes", Text(row.Classes)),
            ("resolution_px", Text(row.ResolutionPx)), ("batch_size", Text(row.BatchSize)), ("images", Text(row.Images)),
            ("precision", row.Precision), ("memory_format", row.MemoryFormat), ("threads", Text(row.Threads)),
            ("device_kind", row.Device.Split(':')[0]), ("cudnn_autotune", Text(row.CudnnAutotune)), (Environment, row.EnvironmentId),
        ]);
    }

    /// <summary>The value of a column.</summary>
    /// <exception cref="InvalidOperationException">There is no such column.</exception>
    public string Value(string column) => Values.First(value => value.Column == column).Value;

    /// <summary>Columns whose values differ, in their order.</summary>
    public IReadOnlyList<SettingDifference> DifferencesTo(CaseSettings other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return [.. Values.Zip(other.Values).Where(pair => pair.First.Value != pair.Second.Value)
            .Select(pair => new SettingDifference(pair.First.Column, pair.First.Value, pair.Second.Value))];
    }

    /// <inheritdoc/>
    public bool Equals(CaseSettings? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    private static string Text(bool? flag) => flag switch { true => "true", false => "false", null => Unknown.Text };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
