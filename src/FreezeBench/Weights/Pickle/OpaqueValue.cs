namespace FreezeBench.Weights.Pickle;

/// <summary>
/// Something that a pickle builds by code of its own, such as the arguments of a training script that stand beside the weights. It is not
/// built: only what it would be is remembered, and what the pickle puts into it is forgotten.
/// </summary>
/// <param name="Name">Module and name of what Python would call, for example <c>argparse.Namespace</c>.</param>
internal sealed record OpaqueValue(string Name);
