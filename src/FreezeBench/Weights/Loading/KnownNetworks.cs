namespace FreezeBench.Weights.Loading;

/// <summary>Guesses from the names in a file what network it is of, for the message that it does not fit.</summary>
internal static class KnownNetworks
{
    // Blocks of layer1 to layer4, and whether a block has three convolutions.
    private static readonly (string Name, int[] Blocks, bool Bottleneck, bool Here)[] residual =
    [
        ("resnet18", [2, 2, 2, 2], false, true), ("resnet34", [3, 4, 6, 3], false, true), ("resnet20_mlnet", [2, 2, 2, 3], false, true),
        ("resnet50", [3, 4, 6, 3], true, true), ("resnet101", [3, 4, 23, 3], true, false), ("resnet152", [3, 8, 36, 3], true, false),
    ];

    /// <summary>A sentence about what would fit; null: nothing is known.</summary>
    /// <param name="names">The file's names, without prefix, in torchvision's words where they could be put into them.</param>
    public static string? Hint(IReadOnlyCollection<string> names)
    {
        bool Any(string part) => names.Any(name => name.Contains(part, StringComparison.Ordinal));
        if (Any("attention.attention.query."))
            return "It has Hugging Face's names of a vision transformer, in which query, key and value are apart. What fits vit_tiny_patch16 is timm's file of the same network.";
        if (Any("encoder_layer_0.self_attention"))
            return "It has torchvision's names of a vision transformer. What fits vit_tiny_patch16 is timm's vit_tiny_patch16_224.";
        if (Any("patch_embed.proj.") && Any("blocks.0.attn.qkv."))
            return "It has timm's names of a vision transformer. What fits vit_tiny_patch16 is timm's vit_tiny_patch16_224, for images of 224 px.";
        if (names.Contains("conv1.0.weight"))
            return "It has timm's names of a ResNet with a stem of three convolutions (resnet18d and the like), which none of the backbones has. What fits is timm's resnet18, resnet34 or resnet50.";
        if (!names.Contains("layer1.0.conv1.weight"))
            return null;
        var blocks = Enumerable.Range(1, 4).Select(layer => BlocksOf(names, $"layer{layer}.")).ToArray();
        return residual.FirstOrDefault(known => known.Blocks.SequenceEqual(blocks) && known.Bottleneck == names.Contains("layer1.0.conv3.weight")) is { Name: { } found } network
            ? network.Here ? $"By its blocks it is of {found}: choose that backbone." : $"By its blocks it is of {found}, which is none of the backbones."
            : $"By its names it is a ResNet with [{string.Join(", ", blocks)}] blocks, which is none of the backbones.";
    }

    private static int BlocksOf(IReadOnlyCollection<string> names, string layer) =>
        names.Where(name => name.StartsWith(layer, StringComparison.Ordinal)).Select(name => name[layer.Length..].Split('.')[0]).Distinct().Count();
}
