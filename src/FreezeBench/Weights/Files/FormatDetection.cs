using System.Buffers.Binary;
using FreezeBench.Weights.Pickle;
using FreezeBench.Weights.Safetensors;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Files;

/// <summary>Tells a weights file's format by its content.</summary>
internal static class FormatDetection
{
    private const byte PickleProtocolOpcode = (byte)PickleOpcode.Protocol;
    private const int TarMagicPlace = 257;

    /// <exception cref="WeightsFaultException">It is none of the formats; the message says what it seems to be.</exception>
    public static StateDictFormat Detect(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith("PK\u0003\u0004"u8)) return StateDictFormat.Zip;
        // Before the pickles: one safetensors header in 256 has a size whose first byte looks like the start of one, while the
        // first 8 bytes of a pickle are no size that fits into a file.
        if (HasBrace(file) && BinaryPrimitives.ReadUInt64LittleEndian(file) <= (ulong)(file.Length - SafetensorsStateDict.PrefixBytes))
            return StateDictFormat.Safetensors;
        if (file.Length > 1 && file[0] == PickleProtocolOpcode) return StateDictFormat.Legacy;
        if (HasBrace(file))
            return StateDictFormat.Safetensors;
        throw new WeightsFaultException($"{Guess(file)}. These are read: PyTorch's .pth and .pt (zip and legacy "
            + "format), and .safetensors.");
    }

    private static bool HasBrace(ReadOnlySpan<byte> file) =>
        file.Length > SafetensorsStateDict.PrefixBytes && file[SafetensorsStateDict.PrefixBytes] == (byte)'{';

    private static string Guess(ReadOnlySpan<byte> file) => file switch
    {
        [] => "it is empty",
        [0x1f, 0x8b, ..] => "it is compressed by gzip: unpack it first",
        [(byte)'<', ..] => "it is a web page or XML, perhaps an error page instead of a download",
        [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "it is an HDF5 file (Keras)",
        _ when file.StartsWith("version https://git-lfs"u8) => "it is a Git LFS pointer: fetch the real file with git lfs pull",
        _ when file.Length > TarMagicPlace && file[TarMagicPlace..].StartsWith("ustar"u8) => "it is a tar archive (PyTorch before 0.1.10, or packed)",
        _ => $"its first bytes ({Convert.ToHexStringLower(file[..Math.Min(file.Length, 8)])}) are of no known format",
    };
}
