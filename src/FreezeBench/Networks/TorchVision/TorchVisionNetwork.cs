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
public sealed class TorchVisionNetwork : INetwork
{
    private const string FeaturesName = "features";
    private const string PoolingName = "avgpool";
    private const string ClassifierName = "classifier";
    private readonly LinearHead head;

    internal TorchVisionNetwork(nn.Module<Tensor, Tensor> module)
    {
        Module = module;
        head = Classifier(module);
        var groups = Groups(Child(module, FeaturesName)!.children().Cast<nn.Module<Tensor, Tensor>>());
        var classifier = Child(module, ClassifierName)!.children().Cast<nn.Module<Tensor, Tensor>>().SkipLast(1).ToList();
        var pooling = Child(module, PoolingName) as nn.Module<Tensor, Tensor>;
        Tensor Pooled(Tensor pixels) => pooling?.call(pixels) ?? nn.functional.adaptive_avg_pool2d(pixels, (1, 1));
        Stages =
        [
            .. groups.SkipLast(1).Select((group, index) => new NetworkStage(StageName(index), group, input => InTurn(group, input))),
            new(StageName(groups.Count - 1), [.. groups[^1], .. classifier], input =>
            {
                using var scope = NewDisposeScope();
                return InTurn(classifier, Pooled(InTurn(groups[^1], input)).flatten(1)).MoveToOuterDisposeScope();
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
    public void ReplaceHead(int classes) => head.Replace(classes);

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

    private static List<List<nn.Module<Tensor, Tensor>>> Groups(IEnumerable<nn.Module<Tensor, Tensor>> features)
    {
        List<List<nn.Module<Tensor, Tensor>>> groups = [[]];
        var ended = false;
        foreach (var child in features)
        {
            if (ended || (groups[^1].Count > 0 && HasStride(child)))
                groups.Add([]);
            groups[^1].Add(child);
            ended = child is MaxPool2d;
        }
        return groups;
    }

    private static bool HasStride(nn.Module child) =>
        child.modules().Prepend(child).OfType<Conv2d>().Any(convolution => convolution.stride!.Any(stride => stride > 1));

    private static Tensor InTurn(List<nn.Module<Tensor, Tensor>> modules, Tensor input)
    {
        // A scope for each module: without it a pass that builds no graph would keep every intermediate of the network.
        var output = input;
        foreach (var module in modules)
        {
            using var scope = NewDisposeScope();
            var next = module.call(output).MoveToOuterDisposeScope();
            if (!ReferenceEquals(output, input))
                output.Dispose();
            output = next;
        }
        return modules.Count == 0 ? input.alias() : output;
    }
}
