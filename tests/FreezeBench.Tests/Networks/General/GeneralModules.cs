using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks.General;

/// <summary>What people write: a token of their own, dropout without a module, a classifier of several layers.</summary>
internal sealed class OwnModule : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv = nn.Conv2d(3, 4, 3, stride: 2);
    private readonly BatchNorm2d bn = nn.BatchNorm2d(4);
    private readonly Parameter token = nn.Parameter(ones(4));
    private readonly Sequential classifier;
    private readonly Func<OwnModule, Tensor, Tensor>? ending;

    internal OwnModule(int classes, Func<OwnModule, Tensor, Tensor>? ending = null) : base(nameof(OwnModule))
    {
        this.ending = ending;
        classifier = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Dropout(0.5), nn.Linear(6, classes));
        RegisterComponents();
    }

    internal Tensor Classified(Tensor features) => classifier.call(features);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = nn.functional.dropout(bn.call(conv.call(input)).relu().mean([2, 3]) * token, 0.5, training);
        return (ending?.Invoke(this, features) ?? Classified(features)).MoveToOuterDisposeScope();
    }
}

/// <summary>Draws random numbers in eval mode too, and registers its head in two places.</summary>
internal sealed class RestlessModule : nn.Module<Tensor, Tensor>
{
    private readonly Sequential features;
    private readonly Linear fc;
    private readonly Sequential all;

    internal RestlessModule(int classes) : base(nameof(RestlessModule))
    {
        features = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten());
        fc = nn.Linear(4, classes);
        all = nn.Sequential(features, fc);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return all.call(input + (rand_like(input) * 1e-3)).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Every kind of layer that an adapter can hang on or has to leave alone, with biases: strided and 1x1 convolutions, one in groups, linear
/// layers, a BatchNorm with parameters and one without.
/// </summary>
internal sealed class WideModule : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d strided = nn.Conv2d(3, 8, 3, stride: 2, padding: 1);
    private readonly BatchNorm2d bn = nn.BatchNorm2d(8);
    private readonly Conv2d grouped = nn.Conv2d(8, 8, 3, padding: 1, groups: 8);
    private readonly Conv2d pointwise = nn.Conv2d(8, 16, 1);
    private readonly BatchNorm2d bare = nn.BatchNorm2d(16, affine: false);
    private readonly Conv2d dilated = nn.Conv2d(16, 16, 3, dilation: 2);
    private readonly Linear fc = nn.Linear(16, 12);
    private readonly Linear classifier;

    internal WideModule(int classes) : base(nameof(WideModule))
    {
        classifier = nn.Linear(12, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var pixels = bare.call(pointwise.call(grouped.call(bn.call(strided.call(input)).relu())));
        return classifier.call(fc.call(dilated.call(pixels.relu()).mean([2, 3])).relu()).MoveToOuterDisposeScope();
    }
}
