using FreezeBench.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Networks.Residual;

/// <summary>
/// A residual network (He et al., 2015) with the state-dict names and shapes of torchvision's: conv1, bn1, layer1 to layer4,
/// fc. Parameters are float32 and require gradients until told otherwise.
/// </summary>
public sealed class ResNet : nn.Module<Tensor, Tensor>, INetwork, IFoldable
{
    private readonly nn.Module<Tensor, Tensor> conv1;
    private readonly BatchNorm2d bn1;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Sequential layer4;
    private readonly Linear fc;
    private readonly bool folds;

    /// <summary>
    /// A freshly initialised network on the CPU, in train mode; the numbers come from libtorch's global generator.
    /// </summary>
    /// <param name="shape">Blocks and width.</param>
    /// <param name="classes">Classes of the head.</param>
    /// <param name="kernels">Whose convolutions; null: fast ones.</param>
    /// <exception cref="ArgumentException">Not four block counts.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A block count, the width or the number of classes is below 1.</exception>
    public ResNet(ResNetShape shape, int classes, KernelSet? kernels = null) : base(nameof(ResNet))
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.Width, 1);
        if (shape.Blocks.Count != 4)
            throw new ArgumentException($"A ResNet has 4 layers; {shape.Blocks.Count} block counts were given.", nameof(shape));
        if (shape.Blocks.Any(count => count < 1))
            throw new ArgumentOutOfRangeException(nameof(shape), string.Join(", ", shape.Blocks), "A layer has 1 block or more.");
        Shape = shape;
        kernels ??= KernelSet.Fast;
        folds = kernels == KernelSet.Fast;
        conv1 = Layers.Convolution(kernels, 3, shape.Width, kernel: 7, stride: 2);
        bn1 = nn.BatchNorm2d(shape.Width);
        layer1 = Layers.Layer(kernels, shape, Stage.Layer1);
        layer2 = Layers.Layer(kernels, shape, Stage.Layer2);
        layer3 = Layers.Layer(kernels, shape, Stage.Layer3);
        layer4 = Layers.Layer(kernels, shape, Stage.Layer4);
        fc = nn.Linear(shape.FeatureCount, classes);
        RegisterComponents();
        Stages = [.. Enum.GetValues<Stage>().Select(stage => new NetworkStage(StageNames[(int)stage], Modules(stage), input => RunStage(stage, input)))];
    }

    /// <summary>Names of the stages, by <see cref="Stage"/>.</summary>
    public static IReadOnlyList<string> StageNames { get; } = ["stem", "layer1", "layer2", "layer3", "layer4", "head"];

    /// <inheritdoc/>
    public nn.Module<Tensor, Tensor> Module => this;

    /// <inheritdoc/>
    public IReadOnlyList<NetworkStage> Stages { get; }

    /// <inheritdoc/>
    public string HeadName => nameof(fc);

    /// <inheritdoc/>
    public int FeatureCount => Shape.FeatureCount;

    /// <summary>What the network was built from.</summary>
    public ResNetShape Shape { get; }

    /// <summary>Classes of the present head.</summary>
    public int Classes => (int)fc.weight.shape[0];

    /// <summary>The whole network: <see cref="Run"/> from the stem to the head.</summary>
    /// <param name="input">float32 [N, 3, H, W], normalised, on the network's device.</param>
    /// <returns>Logits, float32 [N, classes]; the caller disposes them.</returns>
    public override Tensor forward(Tensor input) => Run(input, Stage.Stem, Stage.Head);

    /// <summary>A part of the network, both ends included. It builds a graph or none as the caller's grad mode says.</summary>
    /// <param name="input">What the stage before <paramref name="first"/> gives (<see cref="Stage"/> has the shapes).</param>
    /// <param name="first">The stage that gets the input.</param>
    /// <param name="last">The stage whose output is returned; not before <paramref name="first"/>.</param>
    /// <returns>The last stage's output; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="last"/> comes before <paramref name="first"/>.</exception>
    public Tensor Run(Tensor input, Stage first, Stage last)
    {
        if (last < first)
            throw new ArgumentOutOfRangeException(nameof(last), last, $"The last stage comes before the first, {first}.");
        return this.RunStages(input, (int)first, (int)last);
    }

    /// <summary>The modules of a stage, in the order of the network; pooling and ReLU have no state and no module.</summary>
    public IReadOnlyList<nn.Module> Modules(Stage stage) => stage switch
    {
        Stage.Stem => [conv1, bn1],
        Stage.Layer1 => [layer1],
        Stage.Layer2 => [layer2],
        Stage.Layer3 => [layer3],
        Stage.Layer4 => [layer4],
        Stage.Head => [fc],
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "Not a stage of a ResNet."),
    };

    /// <inheritdoc/>
    public IFrozenCopy? Fold(int last, ScalarType type) => folds ? FoldedStages.Of(this, (Stage)last, type) : null;

    /// <summary>The end of the stem.</summary>
    internal static Tensor PoolStem(Tensor input) => nn.functional.max_pool2d(input, 3, stride: 2, padding: 1);

    /// <summary>The end of layer4. Mean over height and width: adaptive average pooling to 1x1, then flatten.</summary>
    internal static Tensor PoolFeatures(Tensor input) => input.mean([2, 3]);

    private Tensor RunStage(Stage stage, Tensor input)
    {
        using var scope = NewDisposeScope();
        var output = stage switch
        {
            Stage.Stem => PoolStem(bn1.call(conv1.call(input)).relu_()),
            Stage.Layer1 => layer1.call(input),
            Stage.Layer2 => layer2.call(input),
            Stage.Layer3 => layer3.call(input),
            Stage.Layer4 => PoolFeatures(layer4.call(input)),
            Stage.Head => fc.call(input),
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "Not a stage of a ResNet."),
        };
        return output.MoveToOuterDisposeScope();
    }
}
