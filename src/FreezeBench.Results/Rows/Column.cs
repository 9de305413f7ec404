using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using FreezeBench.Results.Machine;

namespace FreezeBench.Results.Rows;

/// <summary>A column of a result file, as the row's layout and property declare it.</summary>
/// <param name="Name">Name in the header.</param>
/// <param name="Property">The row's property.</param>
/// <param name="Since">Schema version that brought the column.</param>
internal sealed record Column(string Name, PropertyInfo Property, int Since)
{
    /// <summary>Whether files written before the column came may lack it.</summary>
    internal bool MayBeMissing => Since > 1;

    /// <summary>Writes and reads its cells.</summary>
    internal CellConverter Converter { get; } = CellConverter.For(Property.PropertyType);

    /// <summary>Gives a row its value, also where the property can only be initialised; compiled, because reflection takes
    /// most of the time of reading a large file.</summary>
    internal Action<object, object?> Set { get; } = Setter(Property);

    /// <summary>What a file written before the column came says about it.</summary>
    /// <param name="row">With the values of the columns before this one.</param>
    internal object? MissingValue(object row) => Property.PropertyType switch
    {
        var type when type == typeof(string) => Unknown.Text,
        var type when type == typeof(KernelKind) => KernelKinds.Before(row),
        // What alone there was.
        var type when type == typeof(HeadKind) => HeadKind.Sgd,
        // On a GPU it was one of two, and nobody wrote down which.
        var type when type == typeof(MemorySource?) => row is BenchmarkRow { Device: "cpu", PeakMemoryBytes: not null } ? MemorySource.ResidentPeak : null,
        _ => null,
    };

    /// <summary>The columns of <typeparamref name="TRow"/> in file order.</summary>
    /// <exception cref="InvalidOperationException">The layout names a column that the row has no property for.</exception>
    internal static IReadOnlyList<Column> Of<TRow>() where TRow : IResultRow
    {
        var properties = typeof(TRow).GetProperties(BindingFlags.Public | BindingFlags.Instance).ToDictionary(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        return
        [
            .. from version in TRow.Layout.Index()
               from name in version.Item.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
               select new Column(
                   name, properties.GetValueOrDefault(name) ?? throw new InvalidOperationException($"{typeof(TRow).Name} has no property for its column {name}."), version.Index + 1),
        ];
    }

    /// <summary>Unit of a number, or what kind of value the cells hold.</summary>
    internal string Unit
    {
        get
        {
            var type = Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;
            if (Property.GetCustomAttribute<UnitAttribute>() is { } unit)
                return unit.Unit;
            return type == typeof(bool) ? "true, false" : type == typeof(DateTimeOffset) ? "time" : "text";
        }
    }

    private static Action<object, object?> Setter(PropertyInfo property)
    {
        var (row, value) = (Expression.Parameter(typeof(object)), Expression.Parameter(typeof(object)));
        var target = Expression.Property(Expression.Convert(row, property.DeclaringType!), property);
        return Expression.Lambda<Action<object, object?>>(Expression.Assign(target, Expression.Convert(value, property.PropertyType)), row, value).Compile();
    }
}
