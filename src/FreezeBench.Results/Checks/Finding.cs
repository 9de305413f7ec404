namespace FreezeBench.Results.Checks;

/// <summary>Something wrong, or worth knowing, at a place of the results.</summary>
public sealed record Finding
{
    /// <summary>What kind, with its severity and remedy.</summary>
    public required FindingKind Kind { get; init; }

    /// <summary>File or folder, relative to the folder that was checked, with forward slashes; "." is that folder.</summary>
    public required string File { get; init; }

    /// <summary>Line of the file, from 1; null where the whole file is meant.</summary>
    public long? Line { get; init; }

    /// <summary>Name of the column, or its number where the header is meant; null where no one column is meant.</summary>
    public string? Column { get; init; }

    /// <summary>What is wrong, in one line: what was found and what was expected.</summary>
    public required string Message { get; init; }

    /// <summary>Place and message in one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{File}{(Line is { } line ? $", line {line}" : "")}{(Column is { } column ? $", {column}" : "")}: {Message}");
}
