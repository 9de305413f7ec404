extern alias torchvision;

using FreezeBench.Kernels;
using FreezeBench.Results;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Package = torchvision::TorchSharp.torchvision.models;

namespace FreezeBench.Networks.TorchVision;

/// <summary>
/// The networks of the package TorchVision that are made of features and a classifier: a closed list, each named as torchvision names it.
/// </summary>
public sealed record TorchVisionModel
{
    /// <summary>AlexNet: 4,096 features; stem, layer1, layer2. Three poolings need 63 px.</summary>
    public static readonly TorchVisionModel AlexNet = new("alexnet", classes => Package.alexnet(classes)) { SmallestPx = 63, StageNames = ["stem", "layer1", "layer2", "head"] };

    /// <summary>MobileNetV2: 1,280 features.</summary>
    public static readonly TorchVisionModel MobileNetV2 = new("mobilenet_v2", classes => Package.mobilenet_v2(classes));

    /// <summary>MobileNetV3-Small: 1,024 features.</summary>
    public static readonly TorchVisionModel MobileNetV3Small = new("mobilenet_v3_small", classes => MobileNetV3(Package.mobilenet_v3_small(), classes));

    /// <summary>MobileNetV3-Large: 1,280 features.</summary>
    public static readonly TorchVisionModel MobileNetV3Large = new("mobilenet_v3_large", classes => MobileNetV3(Package.mobilenet_v3_large(), classes));

    /// <summary>VGG-11 with BatchNorm: 4,096 features. Five poolings need 32 px, as with every VGG.</summary>
    public static readonly TorchVisionModel Vgg11BatchNorm = new("vgg11_bn", classes => Package.vgg11_bn(classes)) { SmallestPx = 32 };

    /// <summary>VGG-16 with BatchNorm: 4,096 features.</summary>
    public static readonly TorchVisionModel Vgg16BatchNorm = new("vgg16_bn", classes => Package.vgg16_bn(classes)) { SmallestPx = 32 };

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<TorchVisionModel> All { get; } =
        [AlexNet, MobileNetV2, MobileNetV3Large, MobileNetV3Small, Vgg11BatchNorm, Vgg16BatchNorm];

    private readonly Func<int, nn.Module<Tensor, Tensor>> make;

    private TorchVisionModel(string name, Func<int, nn.Module<Tensor, Tensor>> make) => (Name, this.make) = (name, make);

    /// <summary>torchvision's name, for example <c>mobilenet_v3_small</c>.</summary>
    public string Name { get; }

    /// <summary>Of the networks that it builds, in order.</summary>
    public IReadOnlyList<string> StageNames { get; private init; } = ["stem", "layer1", "layer2", "layer3", "layer4", "head"];

    /// <summary>The smallest height and width of images, in pixels, of which the last pooling leaves a pixel.</summary>
    public int SmallestPx { get; private init; } = 1;

    /// <summary>A freshly initialised network on the CPU, in train mode.</summary>
    /// <param name="classes">Classes of the head, 1 or more.</param>
    /// <param name="resolutionPx">Height and width of the images that it is for.</param>
    /// <param name="kernels">Whose layers; null: fast ones, where there are.</param>
    /// <exception cref="UserErrorException">The images are smaller than <see cref="SmallestPx"/>.</exception>
    public TorchVisionNetwork Build(int classes, int resolutionPx, KernelSet? kernels = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        return resolutionPx < SmallestPx
            ? throw new UserErrorException($"{Name} needs images of {SmallestPx} px or more: its poolings leave nothing of {resolutionPx} px. Choose a larger resolution or another network.")
            : new TorchVisionNetwork(make(classes), kernels ?? KernelSet.Fast);
    }

    /// <summary>The package's ResNet-18, which is made of blocks and no features: a module from images to logits, whose head is <c>fc</c>.</summary>
    internal static nn.Module<Tensor, Tensor> ResNet18(int classes) => Package.resnet18(classes);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static nn.Module<Tensor, Tensor> MobileNetV3(nn.Module<Tensor, Tensor> network, int classes)
    {
        // The package leaves the number of classes at 1000: the last layer is drawn anew, as the others of the classifier were.
        var head = TorchVisionNetwork.Classifier(network);
        head.Replace(classes);
        nn.init.normal_(head.Layer.weight, 0, 0.01);
        nn.init.zeros_(head.Layer.bias!);
        // torchvision has ReLU between the two layers of squeeze and excitation, the package ReLU6: they differ above 6.
        foreach (var activation in network.modules().OfType<ReLU6>())
            activation.register_forward_hook((_, input, _) => nn.functional.relu(input));
        return network;
    }
}
