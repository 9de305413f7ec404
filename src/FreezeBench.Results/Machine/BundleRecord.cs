using System.Text.Json;
using System.Text.Json.Serialization;

namespace FreezeBench.Results.Machine;

/// <summary>
/// What a bundle knows of its making: a folder that holds the programs and all that they need, unpacked on a machine where neither the
/// repository nor git is.
/// </summary>
public sealed record BundleRecord
{
    /// <summary>In a bundle's top folder; the programs lie two folders below it.</summary>
    public const string FileName = "bundle.json";

    // Two values.
    private const long LargestBytes = 1 << 16;

    /// <summary>Hash of the commit that was built; "unknown" where it was built outside of a repository.</summary>
    [JsonPropertyName("commit")]
    public required string Commit { get; init; }

    /// <summary>Whether the working tree differed from it; null: unknown.</summary>
    [JsonPropertyName("dirty")]
    public required bool? Dirty { get; init; }

    /// <summary>As the rows of measurements have it.</summary>
    [JsonIgnore]
    public GitState Git => new() { Commit = Commit, Dirty = Dirty };

    /// <summary>The bundle that the running program belongs to; null: it runs where it was built.</summary>
    /// <exception cref="UserErrorException">The bundle is damaged.</exception>
    public static BundleRecord? OfThisProgram() => Find(AppContext.BaseDirectory);

    /// <summary>The bundle that a program belongs to.</summary>
    /// <param name="program">Folder of the program's files.</param>
    /// <returns>Null: there is none.</returns>
    /// <exception cref="UserErrorException">The bundle is damaged.</exception>
    public static BundleRecord? Find(string program)
    {
        var path = Path.GetFullPath(Path.Combine(program, "..", "..", FileName));
        if (!File.Exists(path))
            return null;
        try
        {
            return StrictJson.Read<BundleRecord>(RegularFile.ReadAllText(path, LargestBytes)) ?? throw new JsonException("it says nothing");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The bundle is damaged: {path}: {e.Message.TrimEnd('.')}. Unpack it again.", e);
        }
    }
}
