using FreezeBench.Results.Rows;

namespace FreezeBench.Benchmarks.Output;

/// <summary>What several rounds measured, for one table.</summary>
public static class RoundRows
{
    /// <summary>Of each case the row of the round in the middle by its median, of two the faster: a row that was measured, and not a mean of rows.</summary>
    /// <param name="rounds">Rows of each round.</param>
    public static IReadOnlyList<BenchmarkRow> Middle(IReadOnlyList<IReadOnlyList<BenchmarkRow>> rounds) =>
        rounds is [var only] ? only :
        [
            .. from row in rounds.SelectMany(rows => rows)
               group row by CaseSettings.Of(row) into same
               select same.OrderBy(row => row.MedianMs).ElementAt((same.Count() - 1) / 2),
        ];
}
