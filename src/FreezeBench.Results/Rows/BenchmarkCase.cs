namespace FreezeBench.Results.Rows;

/// <summary>The settings of one case. Their meaning: the columns of the same names in <see cref="BenchmarkRow"/>.</summary>
public sealed record BenchmarkCase
{
    /// <inheritdoc cref="BenchmarkRow.Framework"/>
    public string Framework { get; init; } = BenchmarkRow.OwnFramework;

    /// <inheritdoc cref="BenchmarkRow.Kernels"/>
    public required KernelKind Kernels { get; init; }

    /// <inheritdoc cref="BenchmarkRow.Suite"/>
    public required string Suite { get; init; }

    /// <inheritdoc cref="BenchmarkRow.Policy"/>
    public required string Policy { get; init; }

    /// <inheritdoc cref="BenchmarkRow.Phase"/>
    public required string Phase { get; init; }

    /// <inheritdoc cref="BenchmarkRow.Backbone"/>
    public required string Backbone { get; init; }

    /// <inheritdoc cref="BenchmarkRow.Weights"/>
    public required string Weights { get; init; }

    /// <inheritdoc cref="BenchmarkRow.Dataset"/>
    public required string Dataset { get; init; }

    /// <inheritdoc cref="BenchmarkRow.Classes"/>
    public required int Classes { get; init; }

    /// <inheritdoc cref="BenchmarkRow.ResolutionPx"/>
    public required int ResolutionPx { get; init; }

    /// <inheritdoc cref="BenchmarkRow.BatchSize"/>
    public required int BatchSize { get; init; }

    /// <inheritdoc cref="BenchmarkRow.Images"/>
    public required int Images { get; init; }

    /// <inheritdoc cref="BenchmarkRow.Precision"/>
    public required string Precision { get; init; }

    /// <inheritdoc cref="BenchmarkRow.MemoryFormat"/>
    public required string MemoryFormat { get; init; }

    /// <inheritdoc cref="BenchmarkRow.Threads"/>
    public required int Threads { get; init; }

    /// <inheritdoc cref="BenchmarkRow.Device"/>
    public required string Device { get; init; }
}
