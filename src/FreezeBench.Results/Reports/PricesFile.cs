using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CsvHelper;

namespace FreezeBench.Results.Reports;

/// <summary>Reads what hours of machines cost from a file: CSV with the header <c>name,price</c>, or a JSON list of objects with these two.</summary>
/// <remarks>Strictly: UTF-8, no other column or key, no cell missing. A name with commas, as machines have, is quoted in CSV.</remarks>
internal static class PricesFile
{
    private const int MostBytes = 1 << 20;

    private static readonly CsvReaderOptions csv = new() { Separator = ',', TrackLineNumbers = true, MaxRecordSize = MostBytes, MalformedData = CsvMalformedDataHandling.Throw };

    private static readonly JsonSerializerOptions json = new() { AllowDuplicateProperties = false, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>The prices, unchecked, each with its place for messages.</summary>
    /// <exception cref="UserErrorException">It cannot be read, or is neither of the two.</exception>
    internal static IReadOnlyList<(string Place, string Name, string Price)> Read(string path)
    {
        try
        {
            var bytes = RegularFile.ReadAllBytes(path, MostBytes);
            // A byte that is no UTF-8 would become a replacement character, and the name one of no machine.
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return Path.GetExtension(path).ToLowerInvariant() switch
            {
                ".json" => [.. (StrictJson.Read<List<Entry>>(text, json) ?? []).Select((entry, index) => ($"{path}, entry {Numbers.Count(index + 1)}", entry.Name, entry.Price.ToString("R", CultureInfo.InvariantCulture)))],
                ".csv" => Rows(path, bytes),
                _ => throw new UserErrorException($"--prices {path} ends in neither .csv nor .json, which tell the format."),
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DecoderFallbackException or JsonException or CsvFormatException)
        {
            throw new UserErrorException($"--prices {path} cannot be read: {error.Message}", error);
        }
    }

    private static List<(string, string, string)> Rows(string path, byte[] bytes)
    {
        using var reader = CsvReader.Create(new MemoryStream(bytes), csv, leaveOpen: false);
        if (string.Join(',', reader.Headers) != "name,price")
            throw new UserErrorException($"--prices {path} begins with '{string.Join(',', reader.Headers)}'; the header must be name,price.");
        List<(string, string, string)> rows = [];
        while (reader.Read())
        {
            var place = FormattableString.Invariant($"{path}, line {reader.LineNumber}");
            if (reader.FieldCount != 2)
                throw new UserErrorException($"{place}: its cells are {Numbers.Count(reader.FieldCount)}, not 2. A name with commas is quoted.");
            rows.Add((place, reader.GetString(0), reader.GetString(1)));
        }
        return rows;
    }

    private sealed record Entry
    {
        public required string Name { get; init; }

        public required double Price { get; init; }
    }
}
