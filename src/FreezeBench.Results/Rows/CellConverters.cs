using System.Globalization;
using System.Numerics;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Rows;

/// <summary>One line of text that no spreadsheet takes for a formula: such a one gets an apostrophe in front.</summary>
/// <remarks>Not CsvHelper's injection option: reading does not undo it, so the text would come back changed.</remarks>
internal sealed class TextConverter : CellConverter
{
    private const string Guarded = "=+-@\t\r'";

    internal override string Write(object? value)
    {
        var text = (string?)value ?? "";
        if (text.Length == 0 || text.Any(ForeignText.IsSteering))
            throw new ArgumentException($"The text '{text}' is empty or has control characters; a cell holds one line, and the word \"unknown\" for unknown.");
        return Guarded.Contains(text[0]) ? "'" + text : text;
    }

    internal override object Read(string text) => text switch
    {
        "" => throw new FormatException("the cell is empty"),
        // Never written; and printed later, they could steer a terminal.
        _ when text.Any(ForeignText.IsSteering) => throw new FormatException("a cell holds one line without control characters"),
        ['\'', var second, ..] when Guarded.Contains(second) => text[1..],
        _ => text,
    };
}

/// <summary>A finite number of a magnitude that statistics can be made of, in the shortest form that reads back as the same bits.</summary>
internal sealed class DoubleConverter : CellConverter
{
    internal const NumberStyles Style = NumberStyles.Float;

    internal override string Write(object? value) => (double)value! is var number && SampleSummary.IsUsable(number)
        ? number.ToString("R", CultureInfo.InvariantCulture)
        : throw new ArgumentException($"The number is {value}; only finite numbers up to {SampleSummary.LargestMagnitude} are written.");

    internal override object Read(string text) =>
        double.Parse(text, Style, CultureInfo.InvariantCulture) is var number && SampleSummary.IsUsable(number)
            ? number
            : throw new FormatException(FormattableString.Invariant($"only finite numbers up to {SampleSummary.LargestMagnitude} are allowed"));
}

/// <summary>A whole number without thousands separators.</summary>
internal sealed class IntegerConverter<T> : CellConverter where T : struct, IBinaryInteger<T>
{
    internal const NumberStyles Style = NumberStyles.AllowLeadingSign;

    internal override string Write(object? value) => ((T)value!).ToString(null, CultureInfo.InvariantCulture);

    internal override object Read(string text) => T.Parse(text, Style, CultureInfo.InvariantCulture);
}

/// <summary>The words true and false.</summary>
internal sealed class FlagConverter : CellConverter
{
    internal override string Write(object? value) => (bool)value! ? "true" : "false";

    internal override object Read(string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ => throw new FormatException("valid values: true, false"),
    };
}

/// <summary>A moment, ISO 8601 in UTC with as many decimals as it has.</summary>
internal sealed class TimeConverter : CellConverter
{
    internal override string Write(object? value) =>
        ((DateTimeOffset)value!).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    internal override object Read(string text) => DateTimeOffset.ParseExact(text, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}

/// <summary>A choice as a kebab-case word.</summary>
internal sealed class ChoiceConverter<T> : CellConverter where T : struct, Enum
{
    private static readonly Dictionary<string, T> values = Enum.GetValues<T>().ToDictionary(value => value.Word());

    internal override string Write(object? value) => ((T)value!).Word();

    internal override object Read(string text) => values.TryGetValue(text, out var value)
        ? value
        : throw new FormatException($"valid values: {string.Join(", ", values.Keys)}");
}

/// <summary>A value that may be null, which is the word "unknown" in the file.</summary>
internal sealed class UnknownOr(CellConverter inner) : CellConverter
{
    internal override string Write(object? value) => value is null ? Unknown.Text : inner.Write(value);

    internal override object? Read(string text) => text == Unknown.Text ? null : inner.Read(text);
}
