using System.Globalization;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Sets;

/// <summary>Reads samples.csv into one array a case.</summary>
/// <remarks>Nearly all bytes of a results folder are samples, and consecutive samples of a case differ in their last three
/// cells alone. So a row whose bytes before them are those of the row before is not parsed again: same bytes, same cells,
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
        return Read(rows, expected, IsCompact(rows));
    }

    /// <summary>As above; <paramref name="compact"/> says whether the short cut may be taken.</summary>
    internal static Dictionary<CaseKey, double[]> Read(RowReader<SampleRow> rows, IReadOnlyDictionary<CaseKey, int> expected, bool compact)
    {
        Dictionary<CaseKey, CaseSamples> cases = [];
        CaseSamples? current = null;
        byte[] prefix = [];
        while (rows.Next())
        {
            if (current is not null && compact && TryRead(rows, prefix, out var index, out var valueMs))
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
                prefix = Prefix(rows).ToArray();
        }
        return cases.ToDictionary(entry => entry.Key, entry => entry.Value.InOrder());
    }

    /// <summary>Whether the three cells that change are the last ones, as in every file that the programs write; a person may
    /// have moved the columns.</summary>
    internal static bool IsCompact(RowReader<SampleRow> rows)
    {
        var count = rows.Csv.Headers.Count;
        return rows.Place("sample_index") == count - 3 && rows.Place("operations") == count - 2 && rows.Place("value_ms") == count - 1;
    }

    private static bool TryRead(RowReader<SampleRow> rows, ReadOnlySpan<byte> prefix, out int index, out double valueMs)
    {
        (index, valueMs) = (0, 0);
        var cells = rows.Csv;
        var count = cells.FieldCount;
        return cells.RawRecord.StartsWith(prefix)
            && int.TryParse(cells.GetSpan(count - 3), IntegerConverter<int>.Style, CultureInfo.InvariantCulture, out index)
            && int.TryParse(cells.GetSpan(count - 2), IntegerConverter<int>.Style, CultureInfo.InvariantCulture, out _)
            && double.TryParse(cells.GetSpan(count - 1), DoubleConverter.Style, CultureInfo.InvariantCulture, out valueMs)
            && double.IsFinite(valueMs);
    }

    /// <summary>The row's bytes before its last three cells, with the separator after them.</summary>
    private static ReadOnlySpan<byte> Prefix(RowReader<SampleRow> rows)
    {
        var cells = rows.Csv;
        var count = cells.FieldCount;
        var separators = 2;
        var rest = cells.GetRawSpan(count - 3).Length + cells.GetRawSpan(count - 2).Length + cells.GetRawSpan(count - 1).Length + separators;
        return cells.RawRecord[..^rest];
    }
}
