namespace FreezeBench.Results.Rows;

/// <summary>What joins a benchmark row to its samples. Settings that one run holds fixed are not part of it.</summary>
public sealed record CaseKey
{
    private CaseKey(params string[] parts) => Text = string.Join('|', parts);

    /// <summary>All parts, for messages.</summary>
    public string Text { get; }

    /// <summary>The key of a benchmark row.</summary>
    public static CaseKey Of(BenchmarkRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new CaseKey(row.RunId, row.EnvironmentId, row.Framework, row.Suite, row.Policy, row.Phase, row.Backbone, row.Dataset,
            $"{row.ResolutionPx}", $"{row.BatchSize}", row.Precision, row.MemoryFormat, row.Kernels.Word());
    }

    /// <summary>The key of the case that a sample belongs to.</summary>
    public static CaseKey Of(SampleRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new CaseKey(row.RunId, row.EnvironmentId, row.Framework, row.Suite, row.Policy, row.Phase, row.Backbone, row.Dataset,
            $"{row.ResolutionPx}", $"{row.BatchSize}", row.Precision, row.MemoryFormat, row.Kernels.Word());
    }
}
