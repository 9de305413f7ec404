using FreezeBench.Kernels;
using FreezeBench.Kernels.Convolutions;
using FreezeBench.Kernels.Folding;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Networks.TorchVision;

/// <summary>
/// A network of the package TorchVision that has <c>features</c>, a mean over the pixels and a <c>classifier</c>, in stages; the names of
/// its state dict are torchvision's.
/// </summary>
/// <remarks>
/// <para>A cut is in front of a child of <c>features</c> with a strided convolution, and behind a maximum pooling: where the height halves.
/// Children of each stage, to the last of the range:</para>
/// <list type="table">
/// <listheader><term>model</term><description>stem; layer1; layer2; layer3; layer4</description></listheader>
/// <item><term>alexnet</term><description>0-2; 3-5; 6-12 and the classifier's first</description></item>
/// <item><term>mobilenet_v2</term><description>0-1; 2-3; 4-6; 7-13; 14-18</description></item>
/// <item><term>mobilenet_v3_small</term><description>0; 1; 2-3; 4-8; 9-12 and the classifier's first</description></item>
/// <item><term>mobilenet_v3_large</term><description>0-1; 2-3; 4-6; 7-12; 13-16 and the classifier's first</description></item>
/// <item><term>vgg11_bn</term><description>0-3; 4-7; 8-14; 15-21; 22-28 and the classifier's first</description></item>
/// <item><term>vgg16_bn</term><description>0-6; 7-13; 14-23; 24-33; 34-43 and the classifier's first</description></item>
/// </list>
/// <para>The head is the classifier's last layer alone, which people replace. Pooling, flattening and the layers of the classifier before
/// it, dropout among them, are the end of the last stage before the head: dropout acts where that stage is in train mode. With a frozen
/// backbone, which is in eval mode, there is none: an image's features are then always the same, and may be kept.</para>
/// </remarks>
public sealed class TorchVisionNetwork : INetwork, IFoldable
{
    private const string FeaturesName = "features";
    private const string PoolingName = "avgpool";
    private const string ClassifierName = "classifier";
    private readonly LinearHead head;
    private readonly List<Row> groups;
    private readonly Row classifier;    // without the head
    private readonly nn.Module<Tensor, Tensor>? pooling;
    private readonly bool folds;

    internal TorchVisionNetwork(nn.Module<Tensor, Tensor> module, KernelSet kernels)
    {
        Module = module;
        // Before the split, which lists its modules.
        if (kernels == KernelSet.Fast)
            FastTraining.Replace(module);
        head = Classifier(module);
        groups = Groups(Row.Of(module, FeaturesName));
        classifier = Row.Of(module, ClassifierName).WithoutLast();
        pooling = Child(module, PoolingName) as nn.Module<Tensor, Tensor>;
        // Networks of blocks, as MobileNets are, would run as they are and gain nothing by a copy.
        folds = kernels == KernelSet.Fast && groups.Any(group => group.Modules.Any(one => one is Conv2d or TrainedConvolution));
        Stages =
        [
            .. groups.SkipLast(1).Select((group, index) => new NetworkStage(StageName(index), group.Modules, group.Run)),
            new(StageName(groups.Count - 1), [.. groups[^1].Modules, .. classifier.Modules], input =>
            {
                using var scope = NewDisposeScope();
                return classifier.Run(Flat(Pooled(groups[^1].Run(input)))).MoveToOuterDisposeScope();
            }),
            new("head", [head.Layer], head.Layer.call),
        ];
    }

    /// <inheritdoc/>
    public nn.Module<Tensor, Tensor> Module { get; }

    /// <inheritdoc/>
    public IReadOnlyList<NetworkStage> Stages { get; }

    /// <inheritdoc/>
    public string HeadName => head.Name;

    /// <inheritdoc/>
    public int Classes => head.Classes;

    /// <inheritdoc/>
    public int FeatureCount => head.FeatureCount;

    /// <inheritdoc/>
    public IFrozenCopy? Fold(int last, ScalarType type)
    {
        if (!folds)
            return null;
        List<IReadOnlyList<IFoldedOperation>> stages = [.. groups.Take(last + 1).Select(group => FoldedOperations.Of(group.Named, type))];
        if (last == groups.Count - 1)
            stages[^1] = [.. stages[^1], new OtherOperation(Pooled, isPool: true), new OtherOperation(Flat, isPool: false), .. FoldedOperations.Of(classifier.Named, type)];
        return new FoldedPart(stages, Stages.Take(last + 1).SelectMany(stage => stage.Modules), type);
    }

    /// <inheritdoc/>
    public void Dispose() => Module.Dispose();

    /// <summary>The last layer of the classifier.</summary>
    internal static LinearHead Classifier(nn.Module network)
    {
        var (name, last) = Child(network, ClassifierName)!.named_children().Last();
        return new($"{ClassifierName}.{name}", (Linear)last);
    }

    private static string StageName(int index) => index == 0 ? "stem" : $"layer{index}";

    private static nn.Module? Child(nn.Module network, string name) => network.named_children().FirstOrDefault(child => child.name == name).module;

    private Tensor Pooled(Tensor pixels) => pooling?.call(pixels) ?? nn.functional.adaptive_avg_pool2d(pixels, (1, 1));

    private static Tensor Flat(Tensor pixels) => pixels.flatten(1);

    private static List<Row> Groups(Row features)
    {
        List<List<(string Name, nn.Module Module)>> groups = [[]];
        var ended = false;
        foreach (var child in features.Named)
        {
            if (ended || (groups[^1].Count > 0 && HasStride(child.Module)))
                groups.Add([]);
            groups[^1].Add(child);
            ended = child.Module is MaxPool2d;
        }
        return [.. groups.Select(group => new Row(group))];
    }

    private static bool HasStride(nn.Module child) => child.modules().Prepend(child)
        .Any(module => module is Conv2d { stride: var stride } && stride.Any(step => step > 1) || module is TrainedConvolution own && own.Stride.Any(step => step > 1));

    // Modules one after the other, with their names in the network.
    private sealed record Row(IReadOnlyList<(string Name, nn.Module Module)> Named)
    {
        internal IReadOnlyList<nn.Module<Tensor, Tensor>> Modules { get; } = [.. Named.Select(one => (nn.Module<Tensor, Tensor>)one.Module)];

        internal static Row Of(nn.Module network, string name) => new([.. Child(network, name)!.named_children().Select(child => ($"{name}.{child.name}", child.module))]);

        internal Row WithoutLast() => new([.. Named.SkipLast(1)]);

        internal Tensor Run(Tensor input)
        {
            // A scope for each module: without it a pass that builds no graph would keep every intermediate of the network.
            var output = input;
            foreach (var module in Modules)
            {
                using var scope = NewDisposeScope();
                var next = module.call(output).MoveToOuterDisposeScope();
                if (!ReferenceEquals(output, input))
                    output.Dispose();
                output = next;
            }
            return Modules.Count == 0 ? input.alias() : output;
        }
    }
}
