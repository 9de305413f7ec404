using System.Globalization;
using FreezeBench.Results.Rows;

namespace FreezeBench.Tool.Peers;

/// <summary>What two frameworks must have in common before a ratio of their times means anything.</summary>
/// <remarks>The name of the weights is among it although times hardly depend on it: a formula's weights could give subnormal
/// numbers where random ones give none.</remarks>
internal sealed record PeerSettings
{
    internal required string Suite { get; init; }

    internal required string Backbone { get; init; }

    internal required string Weights { get; init; }

    internal required string Dataset { get; init; }

    internal required int Classes { get; init; }

    internal required int ResolutionPx { get; init; }

    internal required int BatchSize { get; init; }

    internal required int Images { get; init; }

    internal required string Precision { get; init; }

    internal required string MemoryFormat { get; init; }

    internal required int Threads { get; init; }

    internal required string Device { get; init; }

    /// <summary>All of it in one line.</summary>
    internal string Text => string.Create(CultureInfo.InvariantCulture,
        $"{Suite}: {Backbone}, {Weights} weights, {Dataset}, {Classes} classes, {ResolutionPx} px, batch {BatchSize}, {Images} images, {Precision}, {MemoryFormat}, {Threads} {(Threads == 1 ? "thread" : "threads")}, {Device}");

    internal static PeerSettings Of(BenchmarkRow row) => new()
    {
        Suite = row.Suite,
        Backbone = row.Backbone,
        Weights = row.Weights,
        Dataset = row.Dataset,
        Classes = row.Classes,
        ResolutionPx = row.ResolutionPx,
        BatchSize = row.BatchSize,
        Images = row.Images,
        Precision = row.Precision,
        MemoryFormat = row.MemoryFormat,
        Threads = row.Threads,
        Device = row.Device,
    };
}

/// <summary>A case of a suite.</summary>
/// <param name="Settings">What holds for all cases of a table.</param>
/// <param name="Policy">Freezing policy.</param>
/// <param name="Phase">What was timed.</param>
internal sealed record PeerCase(PeerSettings Settings, string Policy, string Phase)
{
    internal static PeerCase Of(BenchmarkRow row) => new(PeerSettings.Of(row), row.Policy, row.Phase);
}
