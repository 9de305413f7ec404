using FreezeBench.Tool.Cells;

namespace FreezeBench.Tool.Engines;

/// <summary>How a cell stands.</summary>
/// <param name="Cell">Which.</param>
/// <param name="Standing">In a word.</param>
/// <param name="Details">Where and since when, or why not.</param>
/// <param name="Lines">Attempts that do not count, and the end of the log of one that failed.</param>
internal sealed record CellState(Cell Cell, CellStanding Standing, string Details, IReadOnlyList<string> Lines);

internal enum CellStanding
{
    /// <summary>Its rows are there.</summary>
    Done,

    /// <summary>A process is at it.</summary>
    Running,

    /// <summary>It is in a queue.</summary>
    Pending,

    /// <summary>It ended before its time, and nobody will run it again by itself.</summary>
    Interrupted,

    /// <summary>Its program ended with an error, or what it left cannot be used.</summary>
    Failed,

    /// <summary>Nobody has begun it.</summary>
    NotBegun,
}
