using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.Residual;
using FreezeBench.Results;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks.Catalog;

public sealed class NetworkCatalogTests
{
    public static TheoryData<string> Names => [.. NetworkCatalog.All.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Parse_FindsEachNameOfTheList(string name) => Assert.Equal(name, NetworkCatalog.Parse(name).Name);

    [Theory]
    [InlineData("resnet101")]
    [InlineData("ResNet18")]
    [InlineData("")]
    public void UnknownName_ListsValidValues(string name)
    {
        var error = Assert.Throws<UserErrorException>(() => NetworkCatalog.Parse(name));
        Assert.StartsWith($"Unknown network '{name}'. Valid values: resnet18, resnet34, resnet50, vit_tiny_patch16, ", error.Message, StringComparison.Ordinal);
    }

    // Large ones are made as these are, and take up to seconds to draw: TorchVisionGoldenTests looks at the stages of AlexNet and VGG.
    public static TheoryData<string> SmallNames => [.. Names.Select(row => row.Data).Where(name => name is not ("resnet34" or "resnet50" or "resnet20_mlnet" or "alexnet" or "vgg11_bn" or "vgg16_bn"))];

    [Theory]
    [MemberData(nameof(SmallNames))]
    public void StageNames_AreThoseOfTheNetworksThatItBuilds(string name)
    {
        using var scope = NewDisposeScope();
        var definition = NetworkCatalog.Parse(name);
        using var network = definition.Build(classes: 3, resolutionPx: 64);
        Assert.Equal(definition.StageNames, network.Stages.Select(stage => stage.Name));
        Assert.Equal(3, network.Classes);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(16)]    // one pixel before layer4
    public void Layers_AreTheSameFromTheArchitectureAndFromAPass(int resolutionPx)
    {
        var definition = Thin.Definition(BlockKind.Bottleneck);
        var seen = new Network("thin", definition.StageNames, (classes, px, kernels) => definition.Build(classes, px, kernels));
        Assert.Equal(
            definition.Layers(5, resolutionPx).Layers.Select(layer => (layer.Stage, layer.InputValues, layer.OutputValues, layer.ChannelsOut, layer.Weights, layer.MultiplyAdds, layer.IsOverNarrowImage)).Order(),
            seen.Layers(5, resolutionPx).Layers.Select(layer => (layer.Stage, layer.InputValues, layer.OutputValues, layer.ChannelsOut, layer.Weights, layer.MultiplyAdds, layer.IsOverNarrowImage)).Order());
    }

    [Fact]
    public void CountingLayers_LeavesLibtorchsGeneratorAlone()
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        var expected = rand(4).data<float>().ToArray();
        manual_seed(7);
        NetworkCatalog.Parse("mobilenet_v3_small").Layers(classes: 4, resolutionPx: 32);
        Assert.Equal(expected, rand(4).data<float>().ToArray());
    }

    [Fact]
    public void PlainAndFastKernels_DrawTheSameWeights()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var plain = Thin.Definition().Build(3, 32, KernelSet.Plain);
        manual_seed(3);
        using var fast = Thin.Definition().Build(3, 32, KernelSet.Fast);
        Assert.Equal(plain.Module.state_dict().Keys, fast.Module.state_dict().Keys);
        Assert.All(plain.Module.state_dict(), entry => Assert.True(entry.Value.bytes.SequenceEqual(fast.Module.state_dict()[entry.Key].bytes), entry.Key));
    }

    [Theory]
    [InlineData("My net")]
    [InlineData("")]
    [InlineData("a,b")]
    [InlineData("../x")]
    public void NameThatRowsAndFilesCannotHave_IsRefused(string name) => Assert.Contains(
        $"A network is called '{name}'; a name must be", Assert.Throws<UserErrorException>(() => NetworkCatalog.Add(Network.Of(name, _ => nn.Linear(1, 1), "x"))).Message, StringComparison.Ordinal);
}
