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

    // One test for each network, since to make its weights takes longer than to ask it for all of this.
    [Theory]
    [MemberData(nameof(Names))]
    public void StateDict_Logits_LossAndGradients_AreTorchvisions(string name)
    {
        using var scope = NewDisposeScope();
        var definition = NetworkCatalog.Parse(name);
        var golden = ResNetGolden.Of(definition);
        using var network = GoldenRun.Network(name, MemoryFormat.Contiguous.Name);
        HasNamesAndShapes(golden, network);

        network.eval();
        foreach (var format in MemoryFormat.All)
        {
            using var noGrad = no_grad();
            format.ApplyTo(network);
            ParityAssert.Logits(golden.EvalLogits, network.call(GoldenRun.TinyImages(format.Name)), ParityAssert.Forward);
        }

        // A step normalises by its own batch: that the ones before have moved the running statistics changes nothing.
        network.train();
        foreach (var format in Formats(definition))
            ParityAssert.Norms(Whole(golden.Step.GradientNorms), Whole(Step(network, format, ScalarType.Float32, golden.Step.Loss)));
        // The golden's dtype, for the golden script's reason: float32 would leave single ReLUs to the rounding.
        network.to(ScalarType.Float64);
        foreach (var format in Formats(definition))
            ParityAssert.Norms(golden.Step.GradientNorms, Step(network, format, ScalarType.Float64, golden.Step.Loss));
    }

    // Steps in either format with the smallest.
    private static IEnumerable<MemoryFormat> Formats(Network network) => MemoryFormat.All.Where(format => format == MemoryFormat.ChannelsLast || network == NetworkCatalog.ResNet18);

    private static void HasNamesAndShapes(ResNetGolden golden, ResNet network)
    {
        var actual = network.state_dict();
        Assert.Equal(golden.StateDict.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(golden.StateDict, entry => Assert.Equal(entry.Value, actual[entry.Key].shape));
        Assert.Equal(
            golden.ParametersWith1000Classes,
            network.parameters().Sum(parameter => parameter.numel()) + ((1000L - ResNetGolden.Settings.Classes) * (network.Shape.FeatureCount + 1)));
    }

    /// <summary>Norms of the gradients of one step, whose loss is the golden's.</summary>
    private static Dictionary<string, double> Step(ResNet network, MemoryFormat format, ScalarType type, double expected)
    {
        using var scope = NewDisposeScope();
        format.ApplyTo(network);
        network.zero_grad(set_to_none: true);
        var loss = nn.functional.cross_entropy(network.call(GoldenRun.TinyImages(format.Name).to(type)), GoldenRun.Labels());
        loss.backward();
        ParityAssert.Losses([expected], [loss.to(ScalarType.Float64).item<double>()]);
        return network.named_parameters().ToDictionary(p => p.name, p => ParityAssert.Norm(p.parameter.grad!));
    }

    private static Dictionary<string, double> Whole(IReadOnlyDictionary<string, double> norms) =>
        new() { ["all gradients"] = Math.Sqrt(norms.Values.Sum(norm => norm * norm)) };
}
