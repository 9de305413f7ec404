using System.Globalization;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Reports;

/// <summary>Settings that cases of one table share. A null stands for a setting that is left open, and out of the text.</summary>
internal sealed record TimeKey
{
    public required string Framework { get; init; }

    public required string Backbone { get; init; }

    public required string Weights { get; init; }

    public required string Dataset { get; init; }

    public required int Classes { get; init; }

    public required int? ResolutionPx { get; init; }

    public required int? BatchSize { get; init; }

    public required string Precision { get; init; }

    public required string MemoryFormat { get; init; }

    public required int? Threads { get; init; }

    public required string? Device { get; init; }

    /// <summary>Images of an epoch; null too where no epoch was measured.</summary>
    public int? EpochImages { get; init; }

    internal static TimeKey Of(BenchmarkRow row) => new()
    {
        Framework = row.Framework,
        Backbone = row.Backbone,
        Weights = row.Weights,
        Dataset = row.Dataset,
        Classes = row.Classes,
        ResolutionPx = row.ResolutionPx,
        BatchSize = row.BatchSize,
        Precision = row.Precision,
        MemoryFormat = row.MemoryFormat,
        Threads = row.Threads,
        Device = row.Device,
    };

    /// <summary>The settings in one line; equal lines only for equal keys.</summary>
    internal string Text
    {
        get
        {
            List<string> parts =
            [
                Backbone,
                Weights == "random" ? "random weights" : $"weights {Weights}",
                EpochImages is { } images ? $"{Dataset} ({Number(images)} images an epoch)" : Dataset,
                $"{Number(Classes)} classes",
            ];
            if (ResolutionPx is { } px)
                parts.Add($"{Number(px)} px");
            if (BatchSize is { } batch)
                parts.Add($"batch {Number(batch)}");
            parts.AddRange([Precision, MemoryFormat]);
            if (Threads is { } threads)
                parts.Add(threads == 1 ? "1 thread" : $"{Number(threads)} threads");
            if (Device is { } device)
                parts.Add(device);
            if (Framework != "torchsharp")
                parts.Add(Framework);
            return string.Join(", ", parts);
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
