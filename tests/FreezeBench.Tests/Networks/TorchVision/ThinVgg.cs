using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.TorchVision;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks.TorchVision;

/// <summary>What a VGG of the package is made of, with 8 channels and without its classifier's 120 million parameters; stem, layer1, layer2, head.</summary>
internal sealed class ThinVgg : nn.Module<Tensor, Tensor>
{
    private readonly Sequential features;
    private readonly AdaptiveAvgPool2d avgpool = nn.AdaptiveAvgPool2d(2);
    private readonly Sequential classifier;

    internal ThinVgg(int classes, double dropout = 0) : base(nameof(ThinVgg))
    {
        features = nn.Sequential(
            nn.Conv2d(3, 8, 3, padding: 1), nn.BatchNorm2d(8), nn.ReLU(inplace: true), nn.MaxPool2d(4),
            nn.Conv2d(8, 8, 3, padding: 1), nn.BatchNorm2d(8), nn.ReLU(inplace: true), nn.MaxPool2d(4),
            nn.Conv2d(8, 16, 3, padding: 1), nn.BatchNorm2d(16), nn.ReLU(inplace: true));
        classifier = nn.Sequential(nn.Linear(64, 16), nn.ReLU(inplace: true), nn.Dropout(dropout), nn.Linear(16, classes));
        RegisterComponents();
    }

    /// <summary>As a network in stages, or as a user's own whose split is not known.</summary>
    internal static Network Of(string name) => name == "thin_vgg"
        ? new(name, ["stem", "layer1", "layer2", "head"], (classes, _, kernels) => new TorchVisionNetwork(Filled(classes), kernels))
        : Network.Of(name, Filled, "classifier.3");

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return classifier.call(avgpool.call(features.call(input)).flatten(1)).MoveToOuterDisposeScope();
    }

    private static ThinVgg Filled(int classes)
    {
        var module = new ThinVgg(classes);
        FormulaWeights.Fill(module);
        return module;
    }
}
