using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Files;

/// <summary>What a reader found in a file.</summary>
/// <param name="Entries">Tensors that are read, in the order of the file.</param>
/// <param name="Unread">What else the state dict holds.</param>
internal sealed record FileContent(IReadOnlyList<TensorEntry> Entries, IReadOnlyList<UnreadEntry> Unread)
{
    /// <summary>Where in a checkpoint the state dict was; null: the file is one.</summary>
    public string? Key { get; init; }

    /// <summary>Where there are others.</summary>
    public IReadOnlyList<string> OtherKeys { get; init; } = [];
}
