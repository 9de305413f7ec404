namespace FreezeBench.Results.Checks;

/// <summary>All that a check found.</summary>
public sealed record CheckResult
{
    /// <summary>By file, then in the order of <see cref="FindingKind.All"/>, then by line; of a kind in a file at most
    /// <see cref="MostPerKindAndFile"/>.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What <see cref="Findings"/> leaves out, in the same order.</summary>
    public required IReadOnlyList<OmittedFindings> Omitted { get; init; }

    /// <summary>Environments' folders that were checked.</summary>
    public required int Environments { get; init; }

    /// <summary>Rows that were read, of all files.</summary>
    public required long Rows { get; init; }

    /// <summary>A kind beyond this number in one file has one cause; more lines would hide the other findings.</summary>
    public const int MostPerKindAndFile = 20;

    /// <summary>Findings of a severity, the omitted ones included.</summary>
    public int Count(Severity severity) =>
        Findings.Count(finding => finding.Kind.Severity == severity) + Omitted.Where(omitted => omitted.Kind.Severity == severity).Sum(omitted => omitted.Count);
}

/// <summary>Findings of a kind and file that are only counted.</summary>
/// <param name="Kind">Their kind.</param>
/// <param name="File">Their file, as in <see cref="Finding.File"/>.</param>
/// <param name="Count">How many are left out, 1 or more.</param>
public sealed record OmittedFindings(FindingKind Kind, string File, int Count);
