namespace FreezeBench.Images;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators", fig. 16): a generator whose whole
/// state is one number, so that every image of every epoch can have one of its own, the same on every device.
/// </summary>
internal struct SplitMix64
{
    private const ulong Golden = 0x9E3779B97F4A7C15UL;

    // Any odd constant: it sets the stream of the augmentation apart from that of the order, which has the same seed and epoch.
    private const ulong AugmentationStream = 0xD1B54A32D192ED03UL;

    // That of what a network draws, such as dropout.
    private const ulong NetworkStream = 0xA0761D6478BD642FUL;

    private ulong state;

    private SplitMix64(ulong state) => this.state = state;

    /// <summary>
    /// One number for a seed and an epoch. Both are small, neighbouring numbers, and seed + epoch would give run 2 the second
    /// epoch of run 1.
    /// </summary>
    internal static ulong Mix(long seed, int epoch) => Finalise(unchecked((ulong)seed + (((ulong)epoch + 1) * Golden)));

    /// <summary>A seed of libtorch's generator for one epoch of a training.</summary>
    internal static long ForNetwork(long seed, int epoch) => unchecked((long)Finalise(Mix(seed, epoch) ^ NetworkStream));

    /// <summary>The generator of one image in one epoch: what it draws depends on these three numbers alone.</summary>
    internal static SplitMix64 ForImage(long seed, int epoch, long index) =>
        new(Finalise((Mix(seed, epoch) ^ AugmentationStream) + unchecked((ulong)index * Golden)));

    /// <summary>Uniform in [low, high).</summary>
    internal double NextUniform(double low, double high)
    {
        // The upper 53 bits: as many as a double's mantissa holds.
        var fraction = (Next() >> 11) * (1.0 / (1UL << 53));
        return low + ((high - low) * fraction);
    }

    /// <summary>Uniform in 0 .. bound - 1; the bias of an image's size against 2^64 is far below anything that can be seen.</summary>
    internal int NextBelow(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    private ulong Next() => Finalise(state = unchecked(state + Golden));

    private static ulong Finalise(ulong z)
    {
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }
}
