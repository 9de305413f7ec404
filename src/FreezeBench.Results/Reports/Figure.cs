namespace FreezeBench.Results.Reports;

/// <summary>A number of the report, in full precision (writers round), with bounds and origin.</summary>
public sealed record Figure
{
    /// <summary>The number, in the unit that its property names.</summary>
    public required double Value { get; init; }

    /// <summary>Lower bound; null where too few samples or seeds give one.</summary>
    public double? Lower { get; init; }

    /// <summary>Upper bound; null together with <see cref="Lower"/>.</summary>
    public double? Upper { get; init; }

    /// <summary>Where it comes from.</summary>
    public required Origin Origin { get; init; }
}
