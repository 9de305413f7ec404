using FreezeBench.Networks.Residual;
using FreezeBench.Networks.TorchVision;
using FreezeBench.Networks.Vit;
using FreezeBench.Results;

namespace FreezeBench.Networks.Catalog;

/// <summary>The networks that can be named in options: the known ones, and those that a program adds.</summary>
public static class NetworkCatalog
{
    // Channels of a network whose own work is next to nothing; not fewer: thinner convolutions in channels-last write outside their memory
    // in libtorch 2.10.
    private const int ThinWidth = 8;

    /// <summary>ResNet-18: 512 features; 11,689,512 parameters with 1000 classes.</summary>
    public static readonly Network ResNet18 = Residual("resnet18", ResNetShape.ResNet18);

    /// <summary>ResNet-34: 512 features; 21,797,672 parameters with 1000 classes.</summary>
    public static readonly Network ResNet34 = Residual("resnet34", ResNetShape.ResNet34);

    /// <summary>ResNet-50: 2048 features; 25,557,032 parameters with 1000 classes.</summary>
    public static readonly Network ResNet50 = Residual("resnet50", ResNetShape.ResNet50);

    /// <summary>
    /// The network of ML.NET's image featurizer: basic blocks [2, 2, 2, 3], so one more in layer4 than ResNet-18 has, which that package calls
    /// it; 512 features; 16,410,152 parameters with 1000 classes.
    /// </summary>
    public static readonly Network ResNet20MlNet = Residual("resnet20_mlnet", ResNetShape.ResNet20MlNet);

    private static readonly List<Network> all =
    [
        ResNet18, ResNet34, ResNet50,
        // timm's name without the size of its images: the position embedding is made for any multiple of 16 pixels.
        new("vit_tiny_patch16", VitNetwork.StageNames, (classes, resolutionPx, _) => new VitNetwork(VitShape.Tiny, classes, resolutionPx)),
        .. TorchVisionModel.All.Select(model => new Network(model.Name, model.StageNames, (classes, resolutionPx, kernels) => model.Build(classes, resolutionPx, kernels))),
        // A network that is not ours, as its users have it: what fast kernels make of one.
        Network.Of("torchvision_resnet18", TorchVisionModel.ResNet18, head: "fc"),
        ResNet20MlNet,
    ];

    /// <summary>What is measured where nobody names one: the network that a program has added, else ResNet-18.</summary>
    public static Network Default { get; private set; } = ResNet18;

    /// <summary>All of them, torchvision's ResNets first, added ones last.</summary>
    public static IReadOnlyList<Network> All => all;

    /// <summary>The names, for help texts, parsers and messages.</summary>
    public static string ValidNames => string.Join(", ", all.Select(network => network.Name));

    /// <summary>A ResNet of any shape under a name of its own.</summary>
    public static Network Residual(string name, ResNetShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Network Define(string called, ResNetShape of, Network? thin) => new(called, ResNet.StageNames, (classes, _, kernels) => new ResNet(of, classes, kernels))
        {
            Thin = thin,
            CountLayers = (classes, resolutionPx) => new(
                [.. ConvolutionShape.Of(of, resolutionPx).Select(layer => layer.AsTraced()), new((int)Stage.Head, "fc", of.FeatureCount, classes, classes, (long)of.FeatureCount * classes, (long)of.FeatureCount * classes)],
                ConvolutionShape.PooledValues(of, resolutionPx)),
        };
        return Define(name, shape, Define(name, shape with { Width = ThinWidth }, thin: null));
    }

    /// <summary>Makes a network one that can be named; and the one that is measured where nobody names one; a program does it before it reads its options.</summary>
    /// <remarks>Here a name is checked, and not where a network is made: this is called where an error becomes a message.</remarks>
    /// <exception cref="UserErrorException">There is another one of this name, or options and rows cannot have it.</exception>
    public static void Add(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.Name.Length is 0 or > 40 || !network.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-' or '.'))
            throw new UserErrorException($"A network is called '{network.Name}'; a name must be 1 to 40 lower-case letters, digits, '_', '-' and '.', since rows and files have it.");
        if (all.Exists(known => known.Name == network.Name && known != network))
            throw new UserErrorException($"A network is called '{network.Name}' already. Call yours something else.");
        if (!all.Contains(network))
            all.Add(network);
        Default = network;
    }

    /// <summary>Finds a network by its exact name.</summary>
    /// <exception cref="UserErrorException">The name is none of <see cref="ValidNames"/>.</exception>
    public static Network Parse(string name) => all.Find(network => network.Name == name)
        ?? throw new UserErrorException($"Unknown network '{name}'. Valid values: {ValidNames}.");
}
