namespace FreezeBench.Weights.Tensors;

/// <summary>What a network can have at most: whatever reads a file refuses more before it is taken into memory.</summary>
internal static class Bounds
{
    /// <summary>Entries of a state dict. ResNet-152 has 932, the largest networks of timm some thousands.</summary>
    public const int MostEntries = 20_000;

    /// <exception cref="WeightsFaultException">There are more.</exception>
    public static void Check(ulong entries, string what)
    {
        if (entries > MostEntries)
            throw new WeightsFaultException($"{what} {entries}; no network has more than {MostEntries} entries.");
    }
}
