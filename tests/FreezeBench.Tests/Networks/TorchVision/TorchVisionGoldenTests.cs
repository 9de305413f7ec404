using FreezeBench.Networks.TorchVision;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks.TorchVision;

/// <summary>The package's networks are torchvision's: its weight files fit, and give its logits.</summary>
public sealed class TorchVisionGoldenTests
{
    private static readonly Dictionary<string, (string Children, int Features)> tables = new()
    {
        ["alexnet"] = ("0-2; 3-5; 6-12, 0-5", 4096),
        ["mobilenet_v2"] = ("0-1; 2-3; 4-6; 7-13; 14-18, 0-0", 1280),
        ["mobilenet_v3_small"] = ("0-0; 1-1; 2-3; 4-8; 9-12, 0-2", 1024),
        ["mobilenet_v3_large"] = ("0-1; 2-3; 4-6; 7-12; 13-16, 0-2", 1280),
        ["vgg11_bn"] = ("0-3; 4-7; 8-14; 15-21; 22-28, 0-5", 4096),
        ["vgg16_bn"] = ("0-6; 7-13; 14-23; 24-33; 34-43, 0-5", 4096),
    };

    public static TheoryData<string> Names => [.. NetworkGolden.Instance.Models.Keys];

    // One test for each network, since VGG's weights alone take seconds to make.
    [Theory]
    [MemberData(nameof(Names))]
    public void StateDictAndEvalLogits_AreTorchvisions_AndStagesTheirs(string name)
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
        StagesAreSound(name, network, images);
        if (golden.SqueezedLogits is null)
            return;
        // BatchNorm's running statistics have moved in train mode.
        Fill(network);
        network.Module.eval();
        foreach (var (entry, tensor) in state.Where(entry => entry.Key.EndsWith(".fc1.bias", StringComparison.Ordinal)))
            tensor.add_(NetworkGolden.Instance.Settings.SqueezeShift);
        ParityAssert.Logits(golden.SqueezedLogits, network.Module.call(images), ParityAssert.Forward);
    }

    [Fact]
    public void StagesOfVgg16_AreThoseOfTheTable()
    {
        using var network = TorchVisionModel.Vgg16BatchNorm.Build(NetworkGolden.Instance.Settings.Classes, 64);
        StagesAreThoseOfTheTable("vgg16_bn", network);
    }

    private static void StagesAreSound(string name, TorchVisionNetwork network, Tensor images)
    {
        StagesAreThoseOfTheTable(name, network);
        NetworkAssert.StagesAreTheModule(network, images);
        // VGG's half a gigabyte is a tenth of a second to read: AlexNet has the same layers.
        if (name != "vgg11_bn")
        {
            NetworkAssert.StagesShareOutTheModule(network);
            NetworkAssert.StagesLeaveNothingBehind(network, images);
        }
        network.Module.eval();
        var last = network.Stages.Count - 2;
        var features = network.Stages.SkipLast(1).Aggregate(images, (input, stage) => stage.Run(input));
        // Layers in a row, AlexNet's without BatchNorm, have a copy; blocks have none.
        using (var copy = network.Fold(last, ScalarType.Float32))
        {
            Assert.Equal(name is not ("alexnet" or "vgg11_bn"), copy is null);
            if (copy is not null)
                ParityAssert.Folded(features, copy.Run(images, last));
        }
        if (name != "vgg11_bn")
            NetworkAssert.ChannelsLastStays(network, images);
        if (name == "alexnet")
            Assert.Equal([4, network.Classes], network.Module.call(Thin.TinyImages(size: TorchVisionModel.AlexNet.SmallestPx)).shape);
    }

    private static void StagesAreThoseOfTheTable(string name, TorchVisionNetwork network)
    {
        var names = network.Module.named_modules().ToDictionary(item => item.module, item => item.name);
        var seen = network.Stages.SkipLast(1).Select(stage => string.Join(", ", stage.Modules.Select(module => names[module].Split('.'))
            .GroupBy(parts => parts[0]).Select(group => $"{group.First()[1]}-{group.Last()[1]}")));
        Assert.Equal(tables[name], (string.Join("; ", seen), network.FeatureCount));
        Assert.Equal(["stem", .. Enumerable.Range(1, network.Stages.Count - 2).Select(index => $"layer{index}"), "head"], network.Stages.Select(stage => stage.Name));
        Assert.Equal(TorchVisionModel.All.Single(model => model.Name == name).StageNames, network.Stages.Select(stage => stage.Name));
        Assert.Equal(NetworkGolden.Instance.Settings.Classes, network.Classes);
    }

    private static void Fill(TorchVisionNetwork network)
    {
        FormulaWeights.Fill(network.Module);
        foreach (var norm in network.Module.modules().OfType<BatchNorm2d>())
            norm.weight!.mul_(NetworkGolden.Instance.Settings.NormGain);
    }
}
