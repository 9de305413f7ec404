using TorchSharp.Modules;
using static TorchSharp.torch;

/// <summary>A small CNN: three convolutions, each with half of the pixels of the one before, and a linear head.</summary>
internal sealed class SmallCnn : nn.Module<Tensor, Tensor>
{
    private readonly Sequential features = nn.Sequential(
        nn.Conv2d(3, 32, 3, padding: 1, bias: false), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding: 1, bias: false), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(64, 128, 3, padding: 1, bias: false), nn.BatchNorm2d(128), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten());

    private readonly Linear classifier;

    /// <param name="classes">Take the number that FreezeBench asks for: it differs from data set to data set.</param>
    public SmallCnn(int classes) : base(nameof(SmallCnn))
    {
        classifier = nn.Linear(128, classes);
        RegisterComponents();
    }

    /// <param name="input">float32 [N, 3, H, W].</param>
    /// <returns>Logits, [N, classes].</returns>
    public override Tensor forward(Tensor input)
    {
        using var found = features.call(input);
        return classifier.call(found);
    }
}
