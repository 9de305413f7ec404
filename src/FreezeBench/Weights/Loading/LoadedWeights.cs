namespace FreezeBench.Weights.Loading;

/// <summary>What came of loading a file into a network.</summary>
/// <param name="EntriesLoaded">Entries of the file that were copied into the network.</param>
/// <param name="HeadIsFresh">The file's head has another number of classes, or the file has none, so the network's head was left as it was.</param>
/// <param name="Sha256">SHA-256 of the file, lower-case hex.</param>
/// <param name="Conversions">Types that were converted, in the order of their first entry; empty: none.</param>
public sealed record LoadedWeights(int EntriesLoaded, bool HeadIsFresh, string Sha256, IReadOnlyList<TypeConversion> Conversions)
{
    /// <summary>Classes that the file's head has; null where it has none, or one of another make.</summary>
    public long? HeadClasses { get; init; }

    /// <summary>How the names in the file were understood, for the user; null: as they are.</summary>
    public string? Names { get; init; }

    /// <summary>Names of what the file holds beside what the network needs.</summary>
    public IReadOnlyList<string> Surplus { get; init; } = [];
}

/// <summary>Entries whose type in the file is not the network's.</summary>
/// <param name="From">torch's name of the type in the file.</param>
/// <param name="To">torch's name of the type in the network.</param>
/// <param name="Entries">How many.</param>
public sealed record TypeConversion(string From, string To, int Entries);
