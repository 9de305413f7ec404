namespace FreezeBench.Results.Rows;

/// <summary>The settings of one case: its name, and what one run holds fixed.</summary>
/// <remarks>The summaries are what results/COLUMNS.md shows.</remarks>
public record BenchmarkCase : NamedCase
{
    /// <summary>Initial weights: random, formula, or a file's name.</summary>
    public required string Weights { get; init; }

    /// <summary>Outputs of the head.</summary>
    [Unit("classes")]
    public required int Classes { get; init; }

    /// <summary>Images handled by one operation: those of one step, or of one epoch.</summary>
    [Unit("images")]
    public required int Images { get; init; }

    /// <summary>Threads that libtorch's operators use on the CPU.</summary>
    [Unit("threads")]
    public required int Threads { get; init; }

    /// <summary>Device of the run: cpu or cuda:N.</summary>
    public required string Device { get; init; }
}
