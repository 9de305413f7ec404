using System.Buffers.Binary;
using System.Numerics;

namespace FreezeBench.Results;

/// <summary>SHA-256 in C# alone: FIPS 180-4, sections 4.1.2, 5.1.1, 5.3.3 and 6.2.2.</summary>
internal sealed class PortableSha256
{
    private const int Block = 64, Rounds = 64;

    // Section 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes; 5.3.3: of the square
    // roots of the first eight.
    private static readonly uint[] roundConstants = [.. Primes().Take(Rounds).Select(prime => Fraction(prime, root: 3))];
    private readonly uint[] state = [.. Primes().Take(8).Select(prime => Fraction(prime, root: 2))];

    private readonly byte[] rest = new byte[Block];
    private int waiting;
    private ulong length;

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        length += (ulong)bytes.Length;
        while (bytes.Length > 0)
        {
            if (waiting == 0 && bytes.Length >= Block)
            {
                Compress(bytes[..Block]);
                bytes = bytes[Block..];
                continue;
            }
            var taken = Math.Min(Block - waiting, bytes.Length);
            bytes[..taken].CopyTo(rest.AsSpan(waiting));
            waiting += taken;
            bytes = bytes[taken..];
            if (waiting == Block)
            {
                Compress(rest);
                waiting = 0;
            }
        }
    }

    internal byte[] Finish()
    {
        var bits = length * 8;
        // A one bit, zeros up to eight bytes before a block's end, and the length in bits.
        var padding = new byte[(waiting < Block - 8 ? Block : 2 * Block) - waiting];
        padding[0] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(padding.AsSpan(padding.Length - 8), bits);
        Append(padding);
        var hash = new byte[Sha256.Size];
        for (var index = 0; index < state.Length; index++)
            BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(index * sizeof(uint)), state[index]);
        return hash;
    }

    private void Compress(ReadOnlySpan<byte> block)
    {
        Span<uint> schedule = stackalloc uint[Rounds];
        for (var index = 0; index < 16; index++)
            schedule[index] = BinaryPrimitives.ReadUInt32BigEndian(block[(index * sizeof(uint))..]);
        for (var index = 16; index < Rounds; index++)
        {
            var (early, late) = (schedule[index - 15], schedule[index - 2]);
            schedule[index] = schedule[index - 16] + schedule[index - 7]
                + (BitOperations.RotateRight(early, 7) ^ BitOperations.RotateRight(early, 18) ^ (early >> 3))
                + (BitOperations.RotateRight(late, 17) ^ BitOperations.RotateRight(late, 19) ^ (late >> 10));
        }
        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var index = 0; index < Rounds; index++)
        {
            var first = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25))
                + ((e & f) ^ (~e & g)) + roundConstants[index] + schedule[index];
            var second = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    private static IEnumerable<int> Primes()
    {
        for (var number = 2; ; number++)
        {
            var isPrime = true;
            for (var divisor = 2; divisor * divisor <= number && isPrime; divisor++)
                isPrime = number % divisor != 0;
            if (isPrime)
                yield return number;
        }
    }

    // The largest number whose power is at most prime * 2^(32 * root), without its integer part: no rounding of a double is in it.
    private static uint Fraction(int prime, int root)
    {
        var scaled = new BigInteger(prime) << (32 * root);
        ulong found = 0;
        for (var bit = 1UL << 37; bit > 0; bit >>= 1)
            if (BigInteger.Pow(found | bit, root) <= scaled)
                found |= bit;
        return (uint)found;
    }
}
