using System.Collections.Concurrent;
using FreezeBench.Kernels;
using FreezeBench.Networks.General;
using FreezeBench.Networks.Tracing;
using FreezeBench.Results;
using static TorchSharp.torch;

namespace FreezeBench.Networks.Catalog;

/// <summary>A network that can be measured: its name, and how one is built. <see cref="NetworkCatalog"/> has the known ones, <see cref="Of"/> makes any other.</summary>
public sealed class Network
{
    private readonly Func<int, int, KernelSet, INetwork> build;
    private readonly ConcurrentDictionary<(int Classes, int ResolutionPx), NetworkLayers> layers = [];

    /// <param name="name">In options and rows: 1 to 40 lower-case letters, digits, <c>_</c>, <c>-</c> and <c>.</c>.</param>
    /// <param name="stageNames">Of the networks that it builds, in order; the last is the head.</param>
    /// <param name="build">From classes, resolution in pixels and kernels to a freshly drawn network on the CPU, in train mode.</param>
    public Network(string name, IReadOnlyList<string> stageNames, Func<int, int, KernelSet, INetwork> build)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(stageNames);
        ArgumentNullException.ThrowIfNull(build);
        (Name, StageNames, this.build) = (name, stageNames, build);
    }

    /// <summary>The name in options, rows and weight files, as torchvision or timm has it where the network is one of theirs.</summary>
    public string Name { get; }

    /// <summary>In the order in which an image passes them; the last is the head. Policies such as <c>from-layer3</c> name one of them.</summary>
    public IReadOnlyList<string> StageNames { get; }

    /// <summary>The same layers with so few channels that their own work is nothing beside what calls cost; null: there is no such network.</summary>
    public Network? Thin { get; init; }

    /// <summary>Counts layers from the architecture alone; null: they are seen in a pass of one image.</summary>
    public Func<int, int, NetworkLayers>? CountLayers { get; init; }

    /// <summary>Any module of the user's from images to logits, float32 [N, 3, H, W] to [N, classes].</summary>
    /// <remarks>
    /// Its split into stages is not known, so that it has the policies that need none: fine-tune, frozen, frozen-train-bn, frozen-cached,
    /// bias-only, norm-only and lora.
    /// </remarks>
    /// <param name="name">In options and rows.</param>
    /// <param name="create">Called with the number of classes, in every process that measures; draws its weights from libtorch's generator.</param>
    /// <param name="head">Where the head is in the module, as in its state dict: <c>fc</c>, <c>classifier</c>, <c>classifier.6</c>.</param>
    public static Network Of(string name, Func<int, nn.Module<Tensor, Tensor>> create, string head)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(head);
        return new(name, GeneralNetwork.StageNames, (classes, resolutionPx, kernels) => GeneralNetwork.Of(name, create, head, classes, resolutionPx, kernels));
    }

    /// <summary>No network: its module returns something else than the logits.</summary>
    [Obsolete("The module of a network must return the logits, one Tensor: nn.Module<Tensor, Tensor>. Wrap yours in a module that returns the logits alone.", error: true)]
    public static Network Of<TResult>(string name, Func<int, nn.Module<Tensor, TResult>> create, string head) => throw new NotSupportedException();

    /// <summary>A freshly initialised network on the CPU, in train mode.</summary>
    /// <param name="classes">Classes of the head, 1 or more.</param>
    /// <param name="resolutionPx">Height and width of the images that it is for.</param>
    /// <param name="kernels">Whose layers; null: fast ones, where the network has them.</param>
    /// <exception cref="UserErrorException">The network is not one for such images, or no network that can be measured.</exception>
    public INetwork Build(int classes, int resolutionPx, KernelSet? kernels = null) => build(classes, resolutionPx, kernels ?? KernelSet.Fast);

    /// <summary>The layers that one image passes.</summary>
    /// <param name="classes">Classes of the head.</param>
    /// <param name="resolutionPx">Height and width of the image.</param>
    public NetworkLayers Layers(int classes, int resolutionPx) => layers.GetOrAdd(
        (classes, resolutionPx), size => CountLayers?.Invoke(size.Classes, size.ResolutionPx) ?? Traced(size.Classes, size.ResolutionPx));

    /// <inheritdoc/>
    public override string ToString() => Name;

    // A network of its own, drawn from the generator in the middle of a run: what is drawn after it must not depend on that.
    private NetworkLayers Traced(int classes, int resolutionPx)
    {
        using var before = random.get_rng_state();
        try
        {
            using var network = Build(classes, resolutionPx, KernelSet.Plain);
            var trace = NetworkTrace.Of(network, resolutionPx);
            return new([.. trace.Layers.Select((layer, index) => layer with { Block = index })], PooledValues: 0);
        }
        finally
        {
            random.set_rng_state(before);
        }
    }
}
