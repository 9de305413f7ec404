using FreezeBench.Kernels;
using FreezeBench.Results;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace FreezeBench.Networks.Vit;

/// <summary>
/// A vision transformer (Dosovitskiy et al., "An image is worth 16x16 words", 2021) with the state-dict names and shapes of timm's:
/// cls_token, pos_embed, patch_embed, blocks, norm, head. For square images of one size. Parameters are float32 and require gradients until
/// told otherwise. In stages: stem, layer1 to layer4 (a quarter of the blocks each), head. Features are [N, width].
/// </summary>
public sealed class VitNetwork : nn.Module<Tensor, Tensor>, INetwork
{
    private const int Quarters = 4;

    [ComponentName(Name = "cls_token")]
    private readonly Parameter classToken;

    [ComponentName(Name = "pos_embed")]
    private readonly Parameter positions;

    [ComponentName(Name = "patch_embed")]
    private readonly PatchEmbedding patches;

    private readonly ModuleList<VitBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Linear head;

    /// <summary>A freshly initialised network on the CPU, in train mode; the numbers come from libtorch's global generator.</summary>
    /// <param name="shape">Width, depth and heads.</param>
    /// <param name="classes">Classes of the head.</param>
    /// <param name="resolutionPx">Height and width of the images: the length of the position embedding follows from it.</param>
    /// <exception cref="UserErrorException">The resolution is no multiple of <see cref="VitShape.PatchPx"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of the shape or the number of classes is below 1.</exception>
    /// <exception cref="ArgumentException">The depth is no multiple of 4, or the width none of the number of heads.</exception>
    public VitNetwork(VitShape shape, int classes, int resolutionPx) : base(nameof(VitNetwork))
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(shape.Width, Math.Min(shape.Depth, shape.Heads)), 1, nameof(shape));
        if (shape.Depth % Quarters != 0)
            throw new ArgumentException($"The depth is {shape.Depth}; the blocks are cut into quarters, so it must be a multiple of 4.", nameof(shape));
        if (shape.Width % shape.Heads != 0)
            throw new ArgumentException($"The width is {shape.Width}; it must be a multiple of the {shape.Heads} heads.", nameof(shape));
        if (resolutionPx < VitShape.PatchPx || resolutionPx % VitShape.PatchPx != 0)
            throw new UserErrorException($"A vision transformer cuts images into patches of {VitShape.PatchPx}x{VitShape.PatchPx} pixels: the resolution is {resolutionPx} px; it must be a multiple of {VitShape.PatchPx}, such as 32 or 224.");
        (Shape, ResolutionPx) = (shape, resolutionPx);
        var side = resolutionPx / VitShape.PatchPx;
        classToken = VitInitialisation.ClassToken(shape.Width);
        positions = VitInitialisation.Positions((side * side) + 1, shape.Width);
        patches = new(shape.Width);
        blocks = new([.. Enumerable.Range(0, shape.Depth).Select(_ => new VitBlock(shape))]);
        norm = VitInitialisation.Norm(shape.Width);
        head = VitInitialisation.Linear(shape.Width, classes);
        RegisterComponents();
    }

    /// <summary>What the network was built from.</summary>
    public VitShape Shape { get; }

    /// <summary>Height and width of the images.</summary>
    public int ResolutionPx { get; }

    /// <summary>Of every shape.</summary>
    public static IReadOnlyList<string> StageNames { get; } = ["stem", "layer1", "layer2", "layer3", "layer4", "head"];

    /// <inheritdoc/>
    public nn.Module<Tensor, Tensor> Module => this;

    /// <inheritdoc/>
    public string HeadName => nameof(head);

    /// <inheritdoc/>
    public int Classes => (int)head.weight.shape[0];

    /// <inheritdoc/>
    public int FeatureCount => Shape.Width;

    /// <inheritdoc/>
    /// <remarks>The last normalisation and the choice of the class token are layer4's, as pooling is in a ResNet.</remarks>
    public IReadOnlyList<NetworkStage> Stages => field ??=
    [
        new("stem", [OwnState.Of(this), patches], Embed),
        .. Enumerable.Range(0, Quarters).Select(Layer),
        new(nameof(head), [head], head.call),
    ];

    /// <summary>The whole network.</summary>
    /// <param name="input">float32 [N, 3, S, S], normalised, on the network's device; S is <see cref="ResolutionPx"/>.</param>
    /// <returns>Logits, float32 [N, classes]; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">Images of another size.</exception>
    public override Tensor forward(Tensor input) => this.RunStages(input, 0, Stages.Count - 1);

    // [N, 3, S, S] to [N, 1 + patches, width]: the class token first.
    private Tensor Embed(Tensor images)
    {
        if (images.dim() != 4 || images.size(2) != ResolutionPx || images.size(3) != ResolutionPx)
            throw new ArgumentException($"This vision transformer was built for images of {ResolutionPx}x{ResolutionPx} pixels; it got [{string.Join(", ", images.shape)}]. Build one for that resolution.", nameof(images));
        using var scope = NewDisposeScope();
        var embedded = patches.call(images);
        return cat([classToken.expand(images.size(0), -1, -1), embedded], 1).add(positions, alpha: Numbers.One).MoveToOuterDisposeScope();
    }

    private NetworkStage Layer(int quarter)
    {
        var count = Shape.Depth / Quarters;
        VitBlock[] own = [.. blocks.Skip(quarter * count).Take(count)];
        var isLast = quarter == Quarters - 1;
        return new($"layer{quarter + 1}", isLast ? [.. own, norm] : own, input => Run(own, input, isLast));
    }

    private Tensor Run(VitBlock[] own, Tensor input, bool toFeatures)
    {
        using var scope = NewDisposeScope();
        var output = own[0].call(input);
        foreach (var block in own[1..])
        {
            using var previous = output;
            output = block.call(previous);
        }
        // Each token is normalised for itself: only the class token's numbers are wanted.
        return (toFeatures ? norm.call(output.select(1, 0)) : output).MoveToOuterDisposeScope();
    }
}
