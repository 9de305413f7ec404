using System.Globalization;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Sets;

/// <summary>Reads samples.csv into one array a case.</summary>
/// <remarks>Nearly all bytes of a results folder are samples, and consecutive samples of a case differ in three cells
/// side by side. So a row whose bytes before and after them are those of the row before is not parsed again: same bytes, same cells,
/// same case. Every other row, and every row with something odd in the three, goes the way of all rows and is judged there,
/// so that both ways refuse the same files with the same words.</remarks>
internal static class SampleFile
{
    /// <summary>The samples of each case in the order of their sample_index.</summary>
    /// <param name="path">A samples.csv.</param>
    /// <param name="pool">Shared by the files that are read together.</param>
    /// <param name="expected">How many samples a case's summary promises.</param>
    /// <exception cref="UserErrorException">The file is malformed; with file, line and column.</exception>
    internal static Dictionary<CaseKey, double[]> Read(string path, TextPool pool, IReadOnlyDictionary<CaseKey, int> expected)
    {
        using var rows = new RowReader<SampleRow>(path, pool);
        return Read(rows, expected);
    }

    /// <summary>The same from a reader at its beginning.</summary>
    internal static Dictionary<CaseKey, double[]> Read(RowReader<SampleRow> rows, IReadOnlyDictionary<CaseKey, int> expected) => Read(rows, expected, IsCompact(rows));

    /// <summary>As above; <paramref name="compact"/> says whether the short cut may be taken.</summary>
    internal static Dictionary<CaseKey, double[]> Read(RowReader<SampleRow> rows, IReadOnlyDictionary<CaseKey, int> expected, bool compact)
    {
        Dictionary<CaseKey, CaseSamples> cases = [];
        CaseSamples? current = null;
        var changing = rows.Place("sample_index");
        var (before, after) = (Array.Empty<byte>(), Array.Empty<byte>());
        while (rows.Next())
        {
            if (current is not null && compact && TryRead(rows, changing, before, after, out var index, out var valueMs))
            {
                current.Add(index, valueMs);
                continue;
            }
            var row = rows.Row();
            var key = CaseKey.Of(row);
            if (!cases.TryGetValue(key, out current))
                cases.Add(key, current = new CaseSamples(expected.GetValueOrDefault(key)));
            current.Add(row.SampleIndex, row.ValueMs);
            if (compact)
                (before, after) = (Before(rows, changing).ToArray(), After(rows, changing).ToArray());
        }
        return cases.ToDictionary(entry => entry.Key, entry => entry.Value.InOrder());
    }

    /// <summary>Whether the three cells that change are side by side, as in every file that the programs write; a person may
    /// have moved the columns.</summary>
    internal static bool IsCompact(RowReader<SampleRow> rows)
    {
        var first = rows.Place("sample_index");
        return rows.Place("operations") == first + 1 && rows.Place("value_ms") == first + 2;
    }

    private static bool TryRead(RowReader<SampleRow> rows, int changing, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, out int index, out double valueMs)
    {
        (index, valueMs) = (0, 0);
        var cells = rows.Csv;
        return cells.RawRecord.StartsWith(before)
            && int.TryParse(cells.GetSpan(changing), IntegerConverter<int>.Style, CultureInfo.InvariantCulture, out index)
            && int.TryParse(cells.GetSpan(changing + 1), IntegerConverter<int>.Style, CultureInfo.InvariantCulture, out _)
            && double.TryParse(cells.GetSpan(changing + 2), DoubleConverter.Style, CultureInfo.InvariantCulture, out valueMs)
            && SampleSummary.IsUsable(valueMs)
            && After(rows, changing).SequenceEqual(after);
    }

    /// <summary>The row's bytes before the three cells, with the separator in front of them.</summary>
    private static ReadOnlySpan<byte> Before(RowReader<SampleRow> rows, int changing) => rows.Csv.RawRecord[..^(Length(rows, changing) + Separators(rows, changing))];

    /// <summary>The row's bytes after the three cells, with the separator behind them.</summary>
    private static ReadOnlySpan<byte> After(RowReader<SampleRow> rows, int changing) => rows.Csv.RawRecord[^(Length(rows, changing + 3) + Separators(rows, changing + 2))..];

    /// <summary>Bytes of the cells from a place on.</summary>
    private static int Length(RowReader<SampleRow> rows, int place)
    {
        var length = 0;
        for (; place < rows.Csv.FieldCount; place++)
            length += rows.Csv.GetRawSpan(place).Length;
        return length;
    }

    /// <summary>Separators behind the cell at a place.</summary>
    private static int Separators(RowReader<SampleRow> rows, int place) => rows.Csv.FieldCount - 1 - place;
}
