using FreezeBench.Networks.TorchVision;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks.TorchVision;

/// <summary>The package's networks are torchvision's: its weight files fit, and give its logits.</summary>
public sealed class TorchVisionGoldenTests
{
    public static TheoryData<string> Names => [.. NetworkGolden.Instance.Models.Keys];

    // One test for each network, since VGG's weights alone take seconds to make.
    [Theory]
    [MemberData(nameof(Names))]
    public void StateDictAndEvalLogits_AreTorchvisions(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var golden = NetworkGolden.Instance.Models[name];
        using var network = TorchVisionModel.All.Single(model => model.Name == name).Build(NetworkGolden.Instance.Settings.Classes, golden.Size);
        var state = network.Module.state_dict();
        Assert.Equal(golden.StateDict.Keys.Order(StringComparer.Ordinal), state.Keys.Order(StringComparer.Ordinal));
        Assert.All(golden.StateDict, entry => Assert.Equal(entry.Value, state[entry.Key].shape));
        var head = network.Stages[^1].Modules[0].parameters().Sum(parameter => parameter.numel());
        Assert.Equal(
            golden.ParametersWith1000Classes,
            network.Module.parameters().Sum(parameter => parameter.numel()) - head + (1000L * (network.FeatureCount + 1)));

        Fill(network);
        network.Module.eval();
        var images = Thin.TinyImages(golden.Images, golden.Size);
        ParityAssert.Logits(golden.EvalLogits, network.Module.call(images), ParityAssert.Forward);
        NetworkAssert.StagesAreTheModule(network, images);
        if (golden.SqueezedLogits is null)
            return;
        // BatchNorm's running statistics have moved in train mode.
        Fill(network);
        network.Module.eval();
        foreach (var (entry, tensor) in state.Where(entry => entry.Key.EndsWith(".fc1.bias", StringComparison.Ordinal)))
            tensor.add_(NetworkGolden.Instance.Settings.SqueezeShift);
        ParityAssert.Logits(golden.SqueezedLogits, network.Module.call(images), ParityAssert.Forward);
    }

    private static void Fill(TorchVisionNetwork network)
    {
        FormulaWeights.Fill(network.Module);
        foreach (var norm in network.Module.modules().OfType<BatchNorm2d>())
            norm.weight!.mul_(NetworkGolden.Instance.Settings.NormGain);
    }
}
