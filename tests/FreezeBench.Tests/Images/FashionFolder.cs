using System.Buffers.Binary;
using FreezeBench.Tests.Archives;

namespace FreezeBench.Tests.Images;

/// <summary>A folder with made-up IDX files.</summary>
internal sealed class FashionFolder : IDisposable
{
    internal const int SizePx = 28;

    private readonly Temporary temporary = new();

    internal string Folder => temporary.Folder;

    internal string PathOf(string name) => temporary.PathOf(name);

    public void Dispose() => temporary.Dispose();

    /// <summary>Both files of a part, one image for each label.</summary>
    internal FashionFolder With(string part, bool isPacked, params int[] labels) =>
        Write($"{part}-images-idx3-ubyte", TinyImages(labels), isPacked)
        .Write($"{part}-labels-idx1-ubyte", Labels(labels), isPacked);

    internal FashionFolder Write(string name, byte[] content, bool isPacked)
    {
        File.WriteAllBytes(PathOf(isPacked ? name + ".gz" : name), isPacked ? MadeArchive.Gzip(content) : content);
        return this;
    }

    internal static byte[] TinyImages(params int[] labels) =>
        [.. Header(3, (uint)labels.Length, SizePx, SizePx), .. labels.SelectMany(label => Enumerable.Range(0, SizePx * SizePx).Select(place => Pixel(label, place)))];

    internal static byte[] Labels(params int[] labels) => [.. Header(1, (uint)labels.Length), .. labels.Select(label => (byte)label)];

    /// <summary>Magic number of unsigned bytes, then the dimensions.</summary>
    internal static byte[] Header(byte rank, params uint[] dimensions) => [0, 0, 8, rank, .. dimensions.SelectMany(BigEndian)];

    internal static byte Pixel(int label, int place) => (byte)((label * 101) + (place * 7));

    private static byte[] BigEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
