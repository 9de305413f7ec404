namespace FreezeBench.Tests.Weights;

/// <summary>Puts a pickle into a file of PyTorch's legacy format.</summary>
internal static class LegacyBuilder
{
    public static readonly byte[] Magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    private static readonly byte[] start = [.. Magic, .. new PickleBuilder().Number(1001).End(), .. new PickleBuilder().Op('}').End()];

    /// <summary>What comes before the state dict: magic number, protocol version, machine.</summary>
    public static IReadOnlyList<byte> Start => start;

    /// <param name="pickle">The state dict.</param>
    /// <param name="storages">Key, count as the file claims it, and content.</param>
    public static byte[] File(byte[] pickle, params (string Key, long Count, byte[] Content)[] storages)
    {
        var keys = new PickleBuilder().Op(']').Op('(');
        foreach (var (key, _, _) in storages) keys.Text(key);
        List<byte> file = [.. start, .. pickle, .. keys.Op('e').End()];
        foreach (var (_, count, content) in storages)
        {
            file.AddRange(PickleBuilder.LittleEndian(count));
            file.AddRange(content);
        }
        return [.. file];
    }
}
