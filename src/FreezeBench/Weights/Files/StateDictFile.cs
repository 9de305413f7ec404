using FreezeBench.Results;
using FreezeBench.Weights.Safetensors;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Files;

/// <summary>
/// A weights file, read and checked. Reading executes nothing that is in the file, and allocates little more than its size.
/// </summary>
public sealed record StateDictFile
{
    // All of it is held in one array. ResNet-152, the largest of torchvision's ResNets, is 0.23 GB.
    private const long LargestBytes = 0x7fff_ffc7;      // Array.MaxLength

    private const string Prefix = "module.";            // of nn.DataParallel

    /// <summary>As it was given.</summary>
    public required string Path { get; init; }

    /// <summary>What the content is.</summary>
    public required StateDictFormat Format { get; init; }

    /// <summary>SHA-256 of the whole file, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>In the order of the file, names all different, without <c>module.</c> where all of them have it.</summary>
    public required IReadOnlyList<TensorEntry> Entries { get; init; }

    /// <summary>What a safetensors file says about itself; empty for the other formats.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; private init; } = new Dictionary<string, string>();

    /// <summary>Reads a state dict, alone or under <c>state_dict</c> or <c>model</c>, in any <see cref="StateDictFormat"/>.</summary>
    /// <exception cref="UserErrorException">The file cannot be read, or its content is not a sound state dict; it is named.</exception>
    public static StateDictFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // .NET says of a folder that access is denied, which sends the user to look at permissions.
        if (Directory.Exists(path))
            throw new UserErrorException($"The weights file '{path}' cannot be read: it is a folder. Name the file in it.");
        try
        {
            return Parse(path, ReadAll(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UserErrorException($"The weights file '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a file that is in memory already.</summary>
    /// <inheritdoc cref="Read"/>
    internal static StateDictFile Parse(string path, ReadOnlyMemory<byte> file)
    {
        try
        {
            var format = FormatDetection.Detect(file.Span);
            Dictionary<string, string> metadata = [];
            var entries = format switch
            {
                StateDictFormat.Zip => ZipStateDict.Read(file),
                StateDictFormat.Legacy => LegacyStateDict.Read(file),
                _ => SafetensorsStateDict.Read(file, metadata),
            };
            return new StateDictFile
            {
                Path = path,
                Format = format,
                Sha256 = Convert.ToHexStringLower(Results.Sha256.HashData(file.Span)),
                Entries = Named(entries),
                Metadata = metadata,
            };
        }
        catch (WeightsFaultException e)
        {
            throw new UserErrorException($"The weights file '{path}' was not read: {e.Message}", e);
        }
    }

    private static IReadOnlyList<TensorEntry> Named(IReadOnlyList<TensorEntry> entries)
    {
        if (entries.Count == 0)
            throw new WeightsFaultException("it holds no tensor.");
        HashSet<string> names = [];
        foreach (var entry in entries)
            if (!names.Add(entry.Name))
                throw new WeightsFaultException($"the entry {Shown.Name(entry.Name)} occurs twice.");
        return entries.All(entry => entry.Name.StartsWith(Prefix, StringComparison.Ordinal))
            ? [.. entries.Select(entry => entry with { Name = entry.Name[Prefix.Length..] })]
            : entries;
    }

    private static byte[] ReadAll(string path)
    {
        using var file = RegularFile.OpenRead(path);
        if (file.Length > LargestBytes)
            throw new UserErrorException(
                $"The weights file '{path}' is {file.Length} bytes; at most {LargestBytes} are read, and no ResNet needs as many.");
        var bytes = GC.AllocateUninitializedArray<byte>((int)file.Length);
        file.ReadExactly(bytes);
        return bytes;
    }
}
