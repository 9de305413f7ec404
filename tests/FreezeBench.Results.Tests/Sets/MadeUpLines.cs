using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Tests.Sets;

/// <summary>Lines of result files, written by a second, simpler writer than the product's: what it writes, the product must
/// read. Texts that need quotes are no part of it.</summary>
internal static class MadeUpLines
{
    /// <summary>A new file of these rows in a folder, with its header.</summary>
    internal static StreamWriter Open<TRow>(string folder) where TRow : IResultRow
    {
        var writer = new StreamWriter(Path.Combine(folder, TRow.FileName), append: false, new UTF8Encoding(false), bufferSize: 1 << 16) { NewLine = "\n" };
        writer.WriteLine(string.Join(',', Columns<TRow>.Names));
        return writer;
    }

    /// <summary>A row's line, without its end.</summary>
    internal static string Line<TRow>(TRow row) where TRow : IResultRow => string.Join(',', Columns<TRow>.Properties.Select(property => Cell(property.GetValue(row))));

    private static string Cell(object? value) => value switch
    {
        null => "unknown",
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        Enum choice => JsonNamingPolicy.KebabCaseLower.ConvertName(choice.ToString()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static class Columns<TRow> where TRow : IResultRow
    {
        internal static readonly string[] Names = string.Join(' ', TRow.Layout).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

        internal static readonly PropertyInfo[] Properties =
            [.. Names.Select(name => typeof(TRow).GetProperties().Single(property => property.Name.Equals(name.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)))];
    }
}
