namespace FreezeBench.Faults;

/// <summary>Random damage to a file's bytes.</summary>
internal static class Mutation
{
    // Half of the places lie in the first or last part of a file, where the structure of binary ones is.
    private const int Edge = 3000;

    // What breaks readers: half of a letter, an escape sequence, numbers that are none, structure where none belongs.
    private static readonly byte[][] odd =
    [
        [0], [0xff, 0xfe], [0xc3], "\u001b]0;x\u0007"u8.ToArray(), "\""u8.ToArray(), "1e999"u8.ToArray(), "NaN"u8.ToArray(), ",,,"u8.ToArray(), "\r"u8.ToArray(),
        "{"u8.ToArray(), "\n\n"u8.ToArray(), "-"u8.ToArray(), "[[[[[[[["u8.ToArray(), [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    ];

    /// <summary>The bytes with one to four damages.</summary>
    internal static byte[] Of(byte[] bytes, Random random)
    {
        for (var change = random.Next(1, 5); change > 0; change--)
            bytes = Changed(bytes, random);
        return bytes;
    }

    private static byte[] Changed(byte[] bytes, Random random)
    {
        var at = Place(bytes.Length, random);
        switch (random.Next(7))
        {
            case 0:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 40))..]];
            case 1:
                return [.. bytes[..at], .. odd[random.Next(odd.Length)], .. bytes[at..]];
            case 2:
                var from = random.Next(bytes.Length + 1);
                return [.. bytes[..at], .. bytes[from..Math.Min(bytes.Length, from + random.Next(200))], .. bytes[at..]];
            case 3:
                return bytes[..at];
            case 4:
                // The largest numbers: sizes, counts and offsets near their limits.
                var large = (byte[])bytes.Clone();
                for (var next = at; next < Math.Min(large.Length, at + 8); next++)
                    large[next] = (byte)(next == at + 7 ? 0x7f : 0xff);
                return large;
            default:
                var flipped = (byte[])bytes.Clone();
                if (at < flipped.Length)
                    flipped[at] = (byte)random.Next(256);
                return flipped;
        }
    }

    private static int Place(int length, Random random) => random.Next(4) switch
    {
        0 => random.Next(Math.Min(length, Edge) + 1),
        1 => length - random.Next(Math.Min(length, Edge) + 1),
        _ => random.Next(length + 1),
    };
}
