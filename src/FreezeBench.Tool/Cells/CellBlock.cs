namespace FreezeBench.Tool.Cells;

/// <summary>A part of a matrix: the cells that are the product of its axes.</summary>
internal sealed record CellBlock
{
    public required CellProgram Program { get; init; }

    /// <summary>What varies, in the order of <see cref="CellAxis.All"/>; each with one value or more.</summary>
    public required IReadOnlyList<(CellAxis Axis, IReadOnlyList<string> Values)> Axes { get; init; }

    /// <summary>Processes of each cell, one after the other or on several nodes: the bounds between runs come from them.</summary>
    public required int Repeats { get; init; }

    /// <summary>Kinds of node, by name.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>Further options of the program without their hyphens, by name; an empty value is a switch.</summary>
    public required IReadOnlyList<(string Name, string Value)> Options { get; init; }
}

internal enum CellProgram
{
    /// <summary>Times of epochs and steps.</summary>
    Bench,

    /// <summary>Training for real.</summary>
    Accuracy,
}
