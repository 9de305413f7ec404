namespace FreezeBench.Results.Checks;

/// <summary>The samples of one case, as samples.csv has them.</summary>
/// <param name="firstLine">Where they begin.</param>
internal sealed class CaseSamples(long firstLine)
{
    private readonly List<(int Index, long Line, double ValueMs)> samples = [];

    internal long FirstLine => firstLine;

    /// <summary>Operations of the first sample.</summary>
    internal required int Operations { get; init; }

    /// <summary>Whether a row of benchmarks.csv has taken them.</summary>
    internal bool Taken { get; set; }

    internal void Add(int index, long line, double valueMs) => samples.Add((index, line, valueMs));

    /// <summary>Each index once, in order: of a sample that is there twice the first one counts.</summary>
    internal IReadOnlyList<(int Index, long Line, double ValueMs)> Distinct() => [.. Sorted().DistinctBy(sample => sample.Index)];

    /// <summary>Samples whose index was there before.</summary>
    internal IEnumerable<(int Index, long Line, long FirstLine)> Duplicates() =>
        from same in Sorted().GroupBy(sample => sample.Index)
        from again in same.Skip(1)
        select (again.Index, again.Line, same.First().Line);

    private IEnumerable<(int Index, long Line, double ValueMs)> Sorted() => samples.OrderBy(sample => sample.Index).ThenBy(sample => sample.Line);
}
