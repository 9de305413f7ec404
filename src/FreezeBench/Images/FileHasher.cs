using System.Buffers.Binary;
using System.Text;
using FreezeBench.Results;

namespace FreezeBench.Images;

/// <summary>The part of a data set's identity that needs no torch: hashes of labels and files.</summary>
public static class FileHasher
{
    /// <summary>
    /// SHA-256 over the labels (int64, little-endian), then the SHA-256 of the bytes of every file, in the images' order, as
    /// lower-case hex: other bytes, another order or other labels give another hash, other file names do not.
    /// </summary>
    /// <param name="labels">One for each file.</param>
    /// <param name="fileDigests">32 bytes each. Digests and not the files, so that a subset's hash needs no file read again.</param>
    public static string Hash(IReadOnlyList<long> labels, IReadOnlyList<byte[]> fileDigests)
    {
        using var hash = new Sha256();
        var number = new byte[sizeof(long)];
        foreach (var label in labels)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, label);
            hash.Append(number);
        }
        foreach (var digest in fileDigests)
            hash.Append(digest);
        return Convert.ToHexStringLower(hash.Finish());
    }

    /// <summary>One hash for several sets, in order.</summary>
    public static string Combine(params IEnumerable<string> hashes) =>
        Convert.ToHexStringLower(Sha256.HashData(Encoding.ASCII.GetBytes(string.Join("\n", hashes))));
}
