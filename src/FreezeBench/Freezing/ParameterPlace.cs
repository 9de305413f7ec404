namespace FreezeBench.Freezing;

/// <summary>A parameter as a policy sees it: what it is, and where in its network.</summary>
/// <param name="Name">In the state dict, such as <c>layer1.0.bn1.weight</c>.</param>
/// <param name="Role">What it does in its layer.</param>
/// <param name="Stage">Index of its stage.</param>
/// <param name="Stages">Names of the network's stages; the last is the head.</param>
public sealed record ParameterPlace(string Name, ParameterRole Role, int Stage, IReadOnlyList<string> Stages)
{
    /// <summary>Whether it belongs to the classifier, which trains under every policy.</summary>
    public bool InHead => Stage == Stages.Count - 1;
}
