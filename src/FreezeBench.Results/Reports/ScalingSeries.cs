using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Reports;

/// <summary>Throughput of a policy as one size grows.</summary>
public sealed record ScalingSeries : IOfPolicy
{
    /// <summary>What stays fixed, in one line.</summary>
    public required string Settings { get; init; }

    /// <inheritdoc/>
    public required string Policy { get; init; }

    /// <inheritdoc/>
    public KernelKind? Kernels { get; init; }

    /// <summary>What grows: <c>batch size</c> (images) or <c>resolution</c> (px).</summary>
    public required string Size { get; init; }

    /// <summary>Two or more, by size ascending.</summary>
    public required IReadOnlyList<SizePoint> Points { get; init; }
}

/// <summary>Throughput at a size.</summary>
/// <param name="Size">Images or px.</param>
/// <param name="ImagesPerS">Images/s.</param>
public sealed record SizePoint(int Size, Figure ImagesPerS);
