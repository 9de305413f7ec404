namespace FreezeBench.Networks.Residual;

/// <summary>What a ResNet is built from, apart from its head.</summary>
/// <param name="Block">The residual block of all four layers.</param>
/// <param name="Blocks">Number of blocks in layer1 to layer4: four counts, each 1 or more.</param>
/// <param name="Width">Inner channels of layer1, doubled by each later layer: 64 in the paper, less in tests.</param>
public sealed record ResNetShape(BlockKind Block, IReadOnlyList<int> Blocks, int Width = 64)
{
    /// <summary>Of ResNet-18.</summary>
    public static readonly ResNetShape ResNet18 = new(BlockKind.Basic, [2, 2, 2, 2]);

    /// <summary>Of ResNet-34.</summary>
    public static readonly ResNetShape ResNet34 = new(BlockKind.Basic, [3, 4, 6, 3]);

    /// <summary>Of ResNet-50.</summary>
    public static readonly ResNetShape ResNet50 = new(BlockKind.Bottleneck, [3, 4, 6, 3]);

    /// <summary>Of the network in Microsoft.ML.DnnImageFeaturizer.ResNet18: ResNet-18 and a block more.</summary>
    public static readonly ResNetShape ResNet20MlNet = new(BlockKind.Basic, [2, 2, 2, 3]);

    /// <summary>Channels out of a block for each channel inside it.</summary>
    public int Expansion => Block == BlockKind.Bottleneck ? 4 : 1;

    /// <summary>Numbers that the backbone hands to the head for each image.</summary>
    public int FeatureCount => ChannelsInside(Stage.Layer4) * Expansion;

    /// <summary>Inner channels of the blocks of a layer.</summary>
    /// <param name="layer"><see cref="Stage.Layer1"/> to <see cref="Stage.Layer4"/>.</param>
    internal int ChannelsInside(Stage layer) => Width << (layer - Stage.Layer1);
}
