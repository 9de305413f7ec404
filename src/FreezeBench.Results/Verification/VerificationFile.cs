using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FreezeBench.Results.Tables;

namespace FreezeBench.Results.Verification;

/// <summary>Reads and renders <c>verification.json</c>.</summary>
public static class VerificationFile
{
    /// <summary>Its name in an environment's folder.</summary>
    public const string FileName = "verification.json";

    // Some twenty checks of 1 KB.
    private const long LargestBytes = 1 << 20;

    private static readonly JsonSerializerOptions options = new(SnakeCaseJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        // What went wrong is often NaN, and that is the figure then.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    private static readonly JsonSerializerOptions lineOptions = new(options) { WriteIndented = false };

    /// <summary>The file's bytes (UTF-8 without BOM, line feeds).</summary>
    public static byte[] Render(DeviceVerification verification) =>
        Encoding.UTF8.GetBytes(JsonSerializer.Serialize(verification, options) + "\n");

    /// <summary>A check as one line, for a process that tells another of it.</summary>
    public static string Line(VerifiedCheck check) => JsonSerializer.Serialize(check, lineOptions);

    /// <summary>Takes such a line back.</summary>
    /// <exception cref="JsonException">It is no such line.</exception>
    public static VerifiedCheck OfLine(string line) => StrictJson.Read<VerifiedCheck>(line, options) ?? throw new JsonException("The line is null.");

    /// <summary>The verification in a file.</summary>
    /// <exception cref="UserErrorException">The file is missing or malformed, of a newer schema version, or contradicts itself.</exception>
    public static DeviceVerification Read(string path)
    {
        try
        {
            var text = RegularFile.ReadAllText(path, LargestBytes);
            var version = StrictJson.Parse(text)?["schema_version"]?.GetValue<int>();
            if (version is < 1 or > DeviceVerification.CurrentSchemaVersion)
                throw new UserErrorException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}: schema_version is {version}; this program knows 1 to {DeviceVerification.CurrentSchemaVersion}. Use a newer FreezeBench to read it."));
            var read = StrictJson.Read<DeviceVerification>(text, options) ?? throw new UserErrorException($"{path}: the file holds null instead of a verification.");
            return read.Contradiction() is { } contradiction
                ? throw new UserErrorException($"{path}: it contradicts itself: {contradiction} Restore the file from version control, or check the device again.")
                : read;
        }
        catch (JsonException error)
        {
            throw new UserErrorException($"{path}{StrictJson.PlaceOf(error)}: this is no verification of a device: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException)
        {
            throw new UserErrorException($"{path}: the verification cannot be read: {error.Message}", error);
        }
    }
}
