using System.Security.Cryptography;
using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Networks.Residual;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Loading;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks.Residual;

public sealed class FoldedStagesTests
{
    private const string DataVariable = "FREEZEBENCH_DATA";
    private const string RealWeights = "resnet18-imagenet.pth";
    private const string RealImages = "cifar10-lossless";

    public static TheoryData<BlockKind, Stage> Cuts =>
        [.. from block in Enum.GetValues<BlockKind>() from last in Enum.GetValues<Stage>().SkipLast(1) select (block, last)];

    /// <summary>Without layer4, whose output is pooled to [N, features].</summary>
    public static TheoryData<BlockKind, Stage> CutsWithAnImage =>
        [.. from block in Enum.GetValues<BlockKind>() from last in Enum.GetValues<Stage>().SkipLast(2) select (block, last)];

    // Every layer of the networks, with a quarter of their channels: how far roundings add up is a matter of depth.
    [Theory]
    [InlineData("resnet18")]
    [InlineData("resnet50")]
    public void Features_AreThoseOfTheNetwork_ButForTheRounding(string backbone)
    {
        using var scope = NewDisposeScope();
        using var network = Narrow(backbone);
        foreach (var format in MemoryFormat.All)
        {
            format.ApplyTo(network);
            AssertClose(network, GoldenRun.TinyImages(format.Name), Stage.Layer4);
        }
    }

    [Fact]
    public void Features_OfRealImagesAndWeights_AreThoseOfTheNetwork_ButForTheRounding()
    {
        var folder = Environment.GetEnvironmentVariable(DataVariable) ?? "";
        Assert.SkipUnless(
            File.Exists(Path.Combine(folder, RealWeights)) && Directory.Exists(Path.Combine(folder, RealImages)),
            $"{DataVariable} names no folder with {RealWeights} and {RealImages}.");
        using var scope = NewDisposeScope();
        using var network = new ResNet(ResNetShape.ResNet18, 1000);
        StateDictLoader.Load(network, StateDictFile.Read(Path.Combine(folder, RealWeights)), "fc");
        MemoryFormat.ChannelsLast.ApplyTo(network);
        using var images = CifarFiles.LoadTest(Path.Combine(folder, RealImages), CPU, limit: 16);
        using var transform = new ImageTransform(128, MemoryFormat.ChannelsLast, CPU);
        AssertClose(network, transform.Apply(images.Images), Stage.Layer4);
    }

    // Rounding by either is unavoidable; the copy may not be worse at it than the network itself under autocast.
    [Theory]
    [InlineData("resnet18", ScalarType.BFloat16, ScalarType.Float16)]
    [InlineData("resnet50", ScalarType.BFloat16)]
    public void SixteenBitCopy_IsAsNearAsTheNetworkUnderAutocast(string backbone, params ScalarType[] types)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Autocast's symbols are named by another rule there.");
        using var scope = NewDisposeScope();
        using var network = Narrow(backbone);
        MemoryFormat.ChannelsLast.ApplyTo(network);
        network.eval();
        var images = GoldenRun.TinyImages(MemoryFormat.ChannelsLast.Name);
        using var noGrad = no_grad();
        var exact = network.Run(images, Stage.Stem, Stage.Layer4);
        double ErrorOf(Tensor features) => ((features.to(ScalarType.Float32) - exact).norm() / exact.norm()).item<float>();

        foreach (var type in types)
        {
            double autocast;
            using (Autocast.Enter(DeviceType.CPU, type))
                autocast = ErrorOf(network.Run(images, Stage.Stem, Stage.Layer4));
            using var folded = FoldedStages.Of(network, Stage.Layer4, type);
            var features = folded.Run(images, (int)Stage.Layer4);

            Assert.Equal(type, features.dtype);
            TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"{type}: relative error: copy {ErrorOf(features):g3}, network under autocast {autocast:g3}"));
            Assert.InRange(ErrorOf(features), 0, 1.5 * autocast);
            Assert.InRange(autocast, 1e-6, 0.1);
        }
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void EveryCut_GivesWhatTheNetworkGivesThere(BlockKind block, Stage last)
    {
        using var scope = NewDisposeScope();
        using var network = Thin.Network(block);
        AssertClose(network, Thin.TinyImages(), last);
    }

    [Theory]
    [MemberData(nameof(CutsWithAnImage))]
    public void ChannelsLast_StaysChannelsLast(BlockKind block, Stage last)
    {
        using var scope = NewDisposeScope();
        using var network = Thin.Network(block);
        MemoryFormat.ChannelsLast.ApplyTo(network);
        using var folded = FoldedStages.Of(network, last);
        var output = folded.Run(MemoryFormat.ChannelsLast.ApplyTo(Thin.TinyImages(size: 64)), (int)last);
        Assert.Equal(MemoryFormat.ChannelsLast.Strides(output.shape), output.stride());
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Output_IsATensorThatALayerCanSaveForItsBackwardPass(BlockKind block, Stage last)
    {
        using var scope = NewDisposeScope();
        using var network = Thin.Network(block);
        using var folded = FoldedStages.Of(network, last);
        var output = folded.Run(Thin.TinyImages(), (int)last);
        Assert.False(is_inference_mode_enabled());
        Assert.False(output.requires_grad);
        using var layer = nn.Linear(output.shape[^1], 2);
        layer.call(output).sum().backward();
        Assert.NotNull(layer.weight.grad);
    }

    [Theory]
    [InlineData(BlockKind.Basic)]
    [InlineData(BlockKind.Bottleneck)]
    public void NetworkAndImages_KeepTheirBits_AndTheNetworkItsModes(BlockKind block)
    {
        using var scope = NewDisposeScope();
        using var network = Thin.Network(block);
        var images = Thin.TinyImages();
        var (before, pixels) = (Bits(network), images.bytes.ToArray());
        using (var folded = FoldedStages.Of(network, Stage.Layer4))
            folded.Run(images, (int)Stage.Layer4);
        Assert.Equal(before, Bits(network));
        Assert.Equal(pixels, images.bytes.ToArray());
        Assert.All(network.modules(), module => Assert.True(module.training));
        Assert.All(network.parameters(), parameter => Assert.True(parameter.requires_grad));
    }

    [Theory]
    [InlineData("layer2.0.conv1.weight")]
    [InlineData("layer2.0.bn1.running_var")]
    [InlineData("layer1.0.bn2.bias")]
    public void Copy_IsCurrent_UntilAnythingOfItsStagesIsWrittenTo(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var network = Thin.Network();
        using var folded = FoldedStages.Of(network, Stage.Layer2);
        var state = network.state_dict();
        folded.Run(Thin.TinyImages(), (int)Stage.Layer2);
        state["layer3.0.conv1.weight"].add_(1);     // behind the cut
        Assert.True(folded.IsCurrent);
        state[name].add_(1);
        Assert.False(folded.IsCurrent);
    }

    [Fact]
    public void ImagesOfAnotherSize_AreRefused_OnceThereWasAPass()
    {
        using var scope = NewDisposeScope();
        using var network = Thin.Network();
        using var folded = FoldedStages.Of(network, Stage.Layer4);
        Assert.True(folded.Takes(Thin.TinyImages(size: 64)));
        folded.Run(Thin.TinyImages(size: 32), (int)Stage.Layer4);
        Assert.True(folded.Takes(Thin.TinyImages(count: 2, size: 32)));
        Assert.False(folded.Takes(Thin.TinyImages(size: 64)));
        var message = Assert.Throws<ArgumentException>("images", () => folded.Run(Thin.TinyImages(size: 64), (int)Stage.Layer4)).Message;
        Assert.StartsWith("The copy is for 32x32 pixels; the images have 64x64.", message);
    }

    [Fact]
    public void Disposal_LeavesNothing_AndAPassLeavesItsResultAlone()
    {
        using var network = Thin.Network();
        using var images = Thin.TinyImages();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var folded = FoldedStages.Of(network, Stage.Layer4))
        {
            folded.Run(images, (int)Stage.Layer4).Dispose();
            var between = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            for (var pass = 0; pass < 5; pass++) folded.Run(images, (int)Stage.Layer4).Dispose();
            Assert.Equal(between, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void StagesThatAreNotInTheCopy_AreRefused()
    {
        using var network = Thin.Network();
        using var images = Thin.TinyImages();
        Assert.Throws<ArgumentOutOfRangeException>("last", () => FoldedStages.Of(network, Stage.Head));
        using var folded = FoldedStages.Of(network, Stage.Layer1);
        Assert.Throws<ArgumentOutOfRangeException>("last", () => folded.Run(images, (int)Stage.Layer2));
    }

    private static ResNet Narrow(string backbone)
    {
        var network = new ResNet((backbone == "resnet50" ? ResNetShape.ResNet50 : ResNetShape.ResNet18) with { Width = 16 }, Thin.Classes);
        FormulaWeights.Fill(network);
        return network;
    }

    private static void AssertClose(ResNet network, Tensor images, Stage last)
    {
        network.eval();
        using var noGrad = no_grad();
        var expected = network.Run(images, Stage.Stem, last);
        using var folded = FoldedStages.Of(network, last);
        ParityAssert.Folded(expected, folded.Run(images, (int)last));
    }

    private static SortedDictionary<string, string> Bits(ResNet network) =>
        new(network.state_dict().ToDictionary(entry => entry.Key, entry => Convert.ToHexString(SHA256.HashData(entry.Value.detach().contiguous().bytes))));
}
