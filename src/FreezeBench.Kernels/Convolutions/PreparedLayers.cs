namespace FreezeBench.Kernels.Convolutions;

/// <summary>What <see cref="FastTraining.Prepare"/> did with the convolutions of a model.</summary>
/// <param name="Replaced">Names of those that are fast layers now, as in a state dict: <c>layer1.0.conv1</c>.</param>
/// <param name="Left">Names of those that go on as they were, each with the reason.</param>
public sealed record PreparedLayers(IReadOnlyList<string> Replaced, IReadOnlyList<(string Name, string Reason)> Left)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Replaced.Count} convolutions replaced, {Left.Count} left";
}
