namespace FreezeBench.Weights.Pickle;

/// <summary>What one pickle holds.</summary>
/// <param name="Value">Its value; the kinds are listed in PickleValues.cs.</param>
/// <param name="Storages">Every storage that it names, by key, also those that no tensor uses.</param>
internal sealed record PickleResult(object? Value, IReadOnlyDictionary<string, StorageReference> Storages);
