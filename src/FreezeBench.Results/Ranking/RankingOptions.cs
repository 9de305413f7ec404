using FreezeBench.Results.Comparison;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Ranking;

/// <summary>What a ranking is made of.</summary>
public sealed record RankingOptions
{
    /// <summary>Confidence, noise floor and assumed noise; the threshold plays no part.</summary>
    public ComparisonOptions Comparison { get; init; } = new();

    /// <summary>The framework whose rows are ranked; null: machines by the framework of each workload, as rows name it.</summary>
    public string? Framework { get; init; } = NamedCase.OwnFramework;

    /// <summary>The kernels whose rows are ranked; null: all.</summary>
    public KernelKind? Kernels { get; init; }

    /// <summary>Whether parts of steps and epochs are listed too.</summary>
    public bool Parts { get; init; }

    internal bool Has(BenchmarkRow row) => (Framework is null || row.Framework == Framework) && (Kernels is null || row.Kernels == Kernels) && (Parts || CaseSettings.Of(row).IsWhole);
}
