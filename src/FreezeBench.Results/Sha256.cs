using System.Security.Cryptography;

namespace FreezeBench.Results;

/// <summary>SHA-256 of bytes that come in pieces: the system's, or where it has none (<see cref="OpenSsl"/>) the same computed here.</summary>
public sealed class Sha256 : IDisposable
{
    /// <summary>Length of a hash in bytes.</summary>
    public const int Size = 32;

    private const int Piece = 1 << 16;

    private readonly IncrementalHash? system;
    private readonly PortableSha256? portable;

    /// <summary>A hash of nothing yet.</summary>
    public Sha256() : this(OpenSsl.IsMissing)
    {
    }

    internal Sha256(bool computeHere)
    {
        if (computeHere)
            portable = new PortableSha256();
        else
            system = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    }

    /// <summary>The hash of <paramref name="bytes"/>, 32 bytes.</summary>
    public static byte[] HashData(ReadOnlySpan<byte> bytes)
    {
        using var hash = new Sha256();
        hash.Append(bytes);
        return hash.Finish();
    }

    /// <summary>The hash of all that <paramref name="stream"/> still has, 32 bytes; read in pieces.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] HashData(Stream stream)
    {
        using var hash = new Sha256();
        var piece = new byte[Piece];
        while (stream.Read(piece) is > 0 and var count)
            hash.Append(piece.AsSpan(0, count));
        return hash.Finish();
    }

    /// <summary>Takes the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        system?.AppendData(bytes);
        portable?.Append(bytes);
    }

    /// <summary>The hash of all bytes so far, 32 bytes. Nothing may be appended after it.</summary>
    public byte[] Finish() => portable?.Finish() ?? system!.GetHashAndReset();

    /// <inheritdoc/>
    public void Dispose() => system?.Dispose();
}
