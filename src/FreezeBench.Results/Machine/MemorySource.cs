namespace FreezeBench.Results.Machine;

/// <summary>What a figure of memory is, and who told it. Figures of unlike sources are unlike quantities, and make no ratio.</summary>
public enum MemorySource
{
    /// <summary>The largest resident size of the process since its start, in the host's memory: what the operating system tells.</summary>
    ResidentPeak,

    /// <summary>GPU memory of the process itself at the end of a measured span, at most, less that before the case: what the driver tells, but in most containers and on Windows.</summary>
    ProcessGrowth,

    /// <summary>The same of the whole GPU, all programs together.</summary>
    CardGrowth,
}

/// <summary>The largest memory of a case.</summary>
/// <param name="Bytes">0 or more.</param>
/// <param name="Source">What it is of.</param>
public sealed record MeasuredMemory(long Bytes, MemorySource Source);

/// <summary>Which sources make one quantity, and how a table names them.</summary>
public static class MemorySources
{
    /// <summary>The source that figures have in common; null where one is unknown or two differ: then they are not one quantity.</summary>
    public static MemorySource? Common(IEnumerable<MemorySource?> sources) => sources.Distinct().ToList() is [var one] ? one : null;

    /// <summary>A table's head with the sources of its figures behind it.</summary>
    /// <param name="head">Of the column.</param>
    /// <param name="sources">Null where there is no figure, or nobody knows.</param>
    public static string Head(string head, IEnumerable<MemorySource?> sources) =>
        sources.OfType<MemorySource>().Distinct().Order().Select(source => source.Word()).ToList() is { Count: > 0 } words ? $"{head} ({string.Join(", ", words)})" : head;
}
