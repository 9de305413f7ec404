namespace FreezeBench.Results.Rows;

/// <summary>The cells of a column, both ways. What it throws, the table turns into a message with file, line and column.</summary>
internal abstract class CellConverter
{
    /// <exception cref="ArgumentException">The value has no cell: a caller's bug.</exception>
    internal abstract string Write(object? value);

    /// <exception cref="FormatException">The cell has no value, or <see cref="OverflowException"/>.</exception>
    internal abstract object? Read(string text);

    internal static CellConverter For(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? new UnknownOr(Plain(inner)) : Plain(type);

    private static CellConverter Plain(Type type) => type switch
    {
        _ when type == typeof(string) => new TextConverter(),
        _ when type == typeof(double) => new DoubleConverter(),
        _ when type == typeof(int) => new IntegerConverter<int>(),
        _ when type == typeof(long) => new IntegerConverter<long>(),
        _ when type == typeof(bool) => new FlagConverter(),
        _ when type == typeof(DateTimeOffset) => new TimeConverter(),
        { IsEnum: true } => (CellConverter)Activator.CreateInstance(typeof(ChoiceConverter<>).MakeGenericType(type))!,
        _ => throw new ArgumentException($"A column of type {type.Name} has no converter."),
    };
}
