using System.Text.Json.Serialization;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Reports;

/// <summary>Where a number of the report comes from: what a reader needs to find its rows and to judge them.</summary>
public sealed record Origin
{
    /// <summary>Environment of the rows; a number never has two.</summary>
    public required string EnvironmentId { get; init; }

    /// <summary>Run ids of the rows, in ordinal order.</summary>
    public required IReadOnlyList<string> RunIds { get; init; }

    /// <summary>Commits that measured, in ordinal order.</summary>
    public required IReadOnlyList<string> Commits { get; init; }

    /// <summary>Day of the newest row, in UTC.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Samples behind a time of one run, runs behind one of several, seeds behind an accuracy; of a ratio the fewer of its two sides.</summary>
    public required int Count { get; init; }

    /// <summary>Scatter of the samples, the worse of two; <see cref="NoiseVerdict.Unknown"/> for accuracies.</summary>
    [JsonPropertyName("noise_verdict")]
    public required NoiseVerdict Noise { get; init; }

    /// <summary>Whether the device's clocks were held down in any of the rows: <see cref="Rows.BenchmarkRow.WereClocksHeldDown"/>.</summary>
    public required bool Throttled { get; init; }

    /// <summary>Whether the machine had other work; then a time says nothing. See <see cref="Rows.Disturbance"/>.</summary>
    public bool Disturbed { get; init; }

    /// <summary>Whether a row comes from a working tree that differed from its commit, or nobody knows.</summary>
    public required bool Dirty { get; init; }
}
