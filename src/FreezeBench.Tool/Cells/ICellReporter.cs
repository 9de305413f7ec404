namespace FreezeBench.Tool.Cells;

/// <summary>Hears how the cells of a run go.</summary>
internal interface ICellReporter
{
    /// <summary>A cell is not run: it is done, or somebody else is at it.</summary>
    void Skipped(Cell cell, string why);

    /// <summary>An attempt that may have finished does not count.</summary>
    void LeftOut(Cell cell, BadAttempt attempt);

    /// <summary>The program of an attempt goes on though its run was killed; it is ended now.</summary>
    void EndsLeftOver(Cell cell, Attempt attempt);

    void Begins(Cell cell, string? resumedFrom);

    /// <summary>Its program printed a line.</summary>
    void Says(string line);

    /// <summary>A cell has ended; with the last lines of its log where it failed.</summary>
    void Ends(Cell cell, Attempt attempt, string folder);
}
