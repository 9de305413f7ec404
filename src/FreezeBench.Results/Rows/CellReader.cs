using System.Globalization;
using System.Numerics;
using System.Reflection;
using CsvHelper;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Rows;

/// <summary>Reads a column's cells into rows of type <typeparamref name="TRow"/>, for one file.</summary>
/// <remarks>What a cell means and why one is refused is said by <see cref="CellConverter"/> alone. The readers are short
/// cuts to the same value that make no string and no box for a cell; where a short cut does not apply, they ask it.</remarks>
internal abstract class CellReader<TRow>(Column column)
{
    internal Column Column { get; } = column;

    /// <summary>The reader of a column's cells.</summary>
    internal static CellReader<TRow> For(Column column, TextPool pool)
    {
        var type = column.Property.PropertyType;
        return (Nullable.GetUnderlyingType(type) ?? type) switch
        {
            var number when number == typeof(double) => new NumberReader<TRow, double>(column, DoubleConverter.Style),
            var number when number == typeof(int) => new NumberReader<TRow, int>(column, IntegerConverter<int>.Style),
            var number when number == typeof(long) => new NumberReader<TRow, long>(column, IntegerConverter<long>.Style),
            _ => new RepeatReader<TRow>(column, pool),
        };
    }

    /// <summary>Gives <paramref name="row"/> the value in the reader's cell at <paramref name="place"/>.</summary>
    /// <exception cref="FormatException">The cell has no value, or <see cref="OverflowException"/>.</exception>
    internal abstract void Read(TRow row, CsvReader reader, int place);

    /// <summary>The value as the converter reads it.</summary>
    protected object? Converted(CsvReader reader, int place) => Column.Converter.Read(reader.GetString(place));
}

/// <summary>Numbers: parsed from the file's bytes.</summary>
internal sealed class NumberReader<TRow, TNumber>(Column column, NumberStyles style) : CellReader<TRow>(column)
    where TNumber : struct, INumberBase<TNumber>
{
    private readonly Action<TRow, TNumber> set = Setter(column.Property.SetMethod!);

    internal override void Read(TRow row, CsvReader reader, int place)
    {
        if (TNumber.TryParse(reader.GetSpan(place), style, CultureInfo.InvariantCulture, out var number) && (number is not double real || SampleSummary.IsUsable(real)))
            set(row, number);
        else
            Column.Set(row!, Converted(reader, place));
    }

    private static Action<TRow, TNumber> Setter(MethodInfo method)
    {
        if (method.GetParameters()[0].ParameterType == typeof(TNumber))
            return method.CreateDelegate<Action<TRow, TNumber>>();
        var optional = method.CreateDelegate<Action<TRow, TNumber?>>();
        return (row, number) => optional(row, number);
    }
}

/// <summary>Everything else: texts, flags, times and choices, which are mostly those of the row before.</summary>
internal sealed class RepeatReader<TRow>(Column column, TextPool pool) : CellReader<TRow>(column)
{
    private byte[] last = [];
    private int lastLength = -1;
    private object? value;

    internal override void Read(TRow row, CsvReader reader, int place)
    {
        var cell = reader.GetSpan(place);
        if (!cell.SequenceEqual(last.AsSpan(0, Math.Max(0, lastLength))) || lastLength < 0)
        {
            var converted = Converted(reader, place);
            value = converted is string text ? pool.One(text) : converted;
            if (last.Length < cell.Length)
                last = new byte[cell.Length];
            cell.CopyTo(last);
            lastLength = cell.Length;
        }
        Column.Set(row!, value);
    }
}
