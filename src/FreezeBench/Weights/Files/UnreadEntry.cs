namespace FreezeBench.Weights.Files;

/// <summary>An entry of a state dict that is no tensor of a type that is read.</summary>
/// <param name="Name">As in the file.</param>
/// <param name="Reason">What it is, as a sentence without its end: <c>entry 'w' is int32; these types are read: float32</c>.</param>
public sealed record UnreadEntry(string Name, string Reason);
