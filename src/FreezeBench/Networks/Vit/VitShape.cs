namespace FreezeBench.Networks.Vit;

/// <summary>What a vision transformer is built from, apart from its head and the size of its images.</summary>
/// <param name="Width">Numbers of a token; a multiple of <paramref name="Heads"/>.</param>
/// <param name="Depth">Blocks; a multiple of 4, since the network is cut into quarters.</param>
/// <param name="Heads">Attention heads of a block.</param>
public sealed record VitShape(int Width, int Depth, int Heads)
{
    /// <summary>Height and width of a patch in pixels.</summary>
    public const int PatchPx = 16;

    /// <summary>Hidden numbers of a block's perceptron for each number of a token.</summary>
    public const int Expansion = 4;

    /// <summary>
    /// timm's <c>vit_tiny_patch16</c> (Touvron et al., "Training data-efficient image transformers", 2021, table 1: DeiT-Ti): 5,717,416
    /// parameters with 1000 classes at 224 px.
    /// </summary>
    public static readonly VitShape Tiny = new(Width: 192, Depth: 12, Heads: 3);
}
