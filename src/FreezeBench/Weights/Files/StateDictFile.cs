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

    internal const string Prefix = "module.";            // of nn.DataParallel

    /// <summary>As it was given.</summary>
    public required string Path { get; init; }

    /// <summary>What the content is.</summary>
    public required StateDictFormat Format { get; init; }

    /// <summary>SHA-256 of the whole file, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>In the order of the file, names all different, without <see cref="StrippedPrefix"/>.</summary>
    public required IReadOnlyList<TensorEntry> Entries { get; init; }

    /// <summary>What else the state dict holds, and why it is not read.</summary>
    public IReadOnlyList<UnreadEntry> Unread { get; private init; } = [];

    /// <summary>Where in a checkpoint the state dict was, such as <c>model_ema</c>; null: the file is one.</summary>
    public string? Key { get; private init; }

    /// <summary>Where in the checkpoint there are others.</summary>
    public IReadOnlyList<string> OtherKeys { get; private init; } = [];

    /// <summary>What all names in the file begin with beside what the entries are called: <c>module.</c> of nn.DataParallel, or what was asked for; empty: nothing.</summary>
    public string StrippedPrefix { get; private init; } = "";

    /// <summary>What a safetensors file says about itself; empty for the other formats.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; private init; } = new Dictionary<string, string>();

    /// <summary>Reads a state dict, alone or in a checkpoint, in any <see cref="StateDictFormat"/>.</summary>
    /// <param name="path">Of a regular file.</param>
    /// <param name="key">
    /// Where in a checkpoint the state dict is, or what the names begin with that are meant, without the last dot; null: under <c>state_dict</c>,
    /// <c>model</c>, <c>state_dict_ema</c>, <c>model_ema</c>, <c>ema</c> or <c>module</c>, the first of them that is there, else the file itself or
    /// the only one in it.
    /// </param>
    /// <exception cref="UserErrorException">The file cannot be read, or its content is not a sound state dict; it is named.</exception>
    public static StateDictFile Read(string path, string? key = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // .NET says of a folder that access is denied, which sends the user to look at permissions.
        if (Directory.Exists(path))
            throw new UserErrorException($"The weights file '{path}' cannot be read: it is a folder. Name the file in it.");
        try
        {
            return Parse(path, ReadAll(path), key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UserErrorException($"The weights file '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a file that is in memory already.</summary>
    /// <inheritdoc cref="Read"/>
    internal static StateDictFile Parse(string path, ReadOnlyMemory<byte> file, string? key = null)
    {
        try
        {
            var format = FormatDetection.Detect(file.Span);
            Dictionary<string, string> metadata = [];
            var content = format switch
            {
                StateDictFormat.Zip => ZipStateDict.Read(file, key),
                StateDictFormat.Legacy => LegacyStateDict.Read(file, key),
                _ => Safetensors(file, metadata),
            };
            var (entries, prefix) = Named(content, key);
            return new StateDictFile
            {
                Path = path,
                Format = format,
                Sha256 = Convert.ToHexStringLower(Results.Sha256.HashData(file.Span)),
                Entries = entries,
                Unread = content.Unread,
                Key = content.Key,
                OtherKeys = content.OtherKeys,
                StrippedPrefix = prefix,
                Metadata = metadata,
            };
        }
        catch (WeightsFaultException e)
        {
            throw new UserErrorException($"The weights file '{path}' was not read: {e.Message}", e);
        }
    }

    private static FileContent Safetensors(ReadOnlyMemory<byte> file, Dictionary<string, string> metadata)
    {
        var (entries, unread) = SafetensorsStateDict.Read(file, metadata);
        return new FileContent(entries, [.. unread.Select(entry => new UnreadEntry(entry.Name, entry.Reason))]);
    }

    private static (IReadOnlyList<TensorEntry> Entries, string Prefix) Named(FileContent content, string? key)
    {
        var entries = content.Entries;
        if (entries.Count == 0)
            throw new WeightsFaultException("it holds no tensor.");
        HashSet<string> names = [];
        foreach (var entry in entries)
            if (!names.Add(entry.Name))
                throw new WeightsFaultException($"the entry {Shown.Name(entry.Name)} occurs twice.");
        if (key is not null && content.Key != key)
        {
            // No key of a checkpoint: then what some of the names begin with, behind the wrapper's own where all have that.
            var asked = key + ".";
            foreach (var beginning in new[] { asked, Prefix + asked })
                if (entries.Where(entry => entry.Name.StartsWith(beginning, StringComparison.Ordinal)).ToList() is { Count: > 0 } meant)
                    return (Without(meant, beginning), beginning);
            throw new WeightsFaultException($"it has no entry {Shown.Name(key)}, nor any whose name begins with {Shown.Name(asked)}; its first is {Shown.Name(entries[0].Name)}.");
        }
        return entries.All(entry => entry.Name.StartsWith(Prefix, StringComparison.Ordinal)) ? (Without(entries, Prefix), Prefix) : (entries, "");
    }

    private static List<TensorEntry> Without(IEnumerable<TensorEntry> entries, string prefix) =>
        [.. entries.Select(entry => entry with { Name = entry.Name[prefix.Length..] })];

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
