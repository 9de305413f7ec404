using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.Residual;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks;

public sealed class TorchvisionParityTests
{
    public static TheoryData<string> Names => [.. ResNets.All.Select(backbone => backbone.Name)];

    public static TheoryData<string, string> NamesAndFormats =>
        [.. from backbone in ResNets.All from format in MemoryFormat.All select (backbone.Name, format.Name)];

    /// <summary>Every network, and with the smallest the other format too.</summary>
    public static TheoryData<string, string> Steps =>
        [.. from backbone in ResNets.All from format in MemoryFormat.All where format == MemoryFormat.ChannelsLast || backbone == NetworkCatalog.ResNet18 select (backbone.Name, format.Name)];

    [Theory]
    [InlineData("resnet18", 11_689_512)]
    [InlineData("resnet34", 21_797_672)]
    [InlineData("resnet50", 25_557_032)]
    public void ParameterCount_With1000Classes_IsTorchvisions(string name, long count)
    {
        using var network = ResNets.Build(name, 1000);
        Assert.Equal(count, network.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(count, ResNetGolden.Of(NetworkCatalog.Parse(name)).ParametersWith1000Classes);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void StateDict_HasTorchvisionsNamesAndShapes(string name)
    {
        using var network = ResNets.Build(name, ResNetGolden.Settings.Classes);
        var expected = ResNetGolden.Of(NetworkCatalog.Parse(name)).StateDict;
        var actual = network.state_dict();
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, entry => Assert.Equal(entry.Value, actual[entry.Key].shape));
    }

    [Theory]
    [MemberData(nameof(NamesAndFormats))]
    public void EvalLogits_AreTorchvisions(string name, string formatName)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var network = GoldenRun.Network(name, formatName);
        network.eval();
        var logits = network.call(GoldenRun.TinyImages(formatName));
        ParityAssert.Logits(ResNetGolden.Of(NetworkCatalog.Parse(name)).EvalLogits, logits, ParityAssert.Forward);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void LossAndGradientsOfATrainingStep_AreTorchvisions_ParameterByParameter(string name, string formatName)
    {
        using var scope = NewDisposeScope();
        using var network = GoldenRun.Network(name, formatName);
        // The golden's dtype, for the golden script's reason: float32 would leave single ReLUs to the rounding.
        network.to(ScalarType.Float64);
        MemoryFormat.Parse(formatName).ApplyTo(network);
        var loss = Step(network, GoldenRun.TinyImages(formatName).to(ScalarType.Float64));

        var golden = ResNetGolden.Of(NetworkCatalog.Parse(name)).Step;
        ParityAssert.Losses([golden.Loss], [loss]);
        ParityAssert.Norms(golden.GradientNorms, GradientNorms(network));
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void LossAndWholeGradientOfATrainingStep_AreTorchvisions_InFloat32(string name, string formatName)
    {
        using var scope = NewDisposeScope();
        using var network = GoldenRun.Network(name, formatName);
        var loss = Step(network, GoldenRun.TinyImages(formatName));

        var golden = ResNetGolden.Of(NetworkCatalog.Parse(name)).Step;
        ParityAssert.Losses([golden.Loss], [loss]);
        ParityAssert.Norms(Whole(golden.GradientNorms), Whole(GradientNorms(network)));
    }

    private static double Step(ResNet network, Tensor images)
    {
        var loss = nn.functional.cross_entropy(network.call(images), GoldenRun.Labels());
        loss.backward();
        return loss.to(ScalarType.Float64).item<double>();
    }

    private static Dictionary<string, double> GradientNorms(ResNet network) =>
        network.named_parameters().ToDictionary(p => p.name, p => ParityAssert.Norm(p.parameter.grad!));

    private static Dictionary<string, double> Whole(IReadOnlyDictionary<string, double> norms) =>
        new() { ["all gradients"] = Math.Sqrt(norms.Values.Sum(norm => norm * norm)) };
}
