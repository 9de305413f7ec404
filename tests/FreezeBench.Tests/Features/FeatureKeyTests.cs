using FreezeBench.Features;
using FreezeBench.Images;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Networks.Residual;
using FreezeBench.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Features;

/// <summary>Whatever changes features changes their key; what does not, does not.</summary>
public sealed class FeatureKeyTests : IDisposable
{
    private const string Environment = "here fp32";

    private readonly ResNet network = new(TinyTraining.Shape, 3);
    private readonly ImageDataSet images = TinyTraining.TinyImages();

    [Fact]
    public void Key_IsTheSame_ForTheSame() => Assert.Equal(Key(), Key());

    [Fact]
    public void Key_KnowsRowsAndColumns() => Assert.Equal((images.Count, TinyTraining.Shape.FeatureCount), (Key().Images, Key().FeatureCount));

    [Fact]
    public void AnyParameterOrBufferOfTheBackbone_IsInTheKey_AndTheHeadIsNot()
    {
        using var noGrad = no_grad();
        var before = Key().Sha256;
        HashSet<string> seen = [before];
        foreach (var (name, value) in network.state_dict())
        {
            value.view(-1)[0] = value.dtype == ScalarType.Int64 ? 5 : 0.125f;
            Assert.True(name.StartsWith("fc.", StringComparison.Ordinal) ? seen.Contains(Key().Sha256) : seen.Add(Key().Sha256), name);
        }
        Assert.Contains(network.state_dict().Keys, name => name.EndsWith("running_var", StringComparison.Ordinal));
    }

    [Fact]
    public void Transform_BatchSize_Images_AndEnvironment_AreInTheKey()
    {
        using var others = TinyTraining.TinyImages(seed: 2);
        using var fewer = images.Select([.. Enumerable.Range(0, 9).Select(index => (long)index)]);
        using var reordered = images.Select([.. Enumerable.Range(0, 10).Reverse().Select(index => (long)index)]);
        List<FeatureKey> keys =
        [
            Key(), Key(resolutionPx: 40), Key(format: MemoryFormat.Contiguous), Key(statistics: new ChannelStatistics([0.5f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f])),
            Key(statistics: new ChannelStatistics([0.485f, 0.456f, 0.406f], [0.25f, 0.224f, 0.225f])), Key(batchSize: 5), Key(data: others), Key(data: fewer), Key(data: reordered),
            Key(environment: "here bf16"), Key(folds: false),
        ];
        Assert.Equal(keys.Count, keys.Select(key => key.Sha256).Distinct().Count());
    }

    [Fact]
    public void Key_IsOfTheCodeThatExtracts() =>
        Assert.Contains($"code {typeof(FeatureKey).Module.ModuleVersionId:N}", Key().Text, StringComparison.Ordinal);

    public void Dispose()
    {
        network.Dispose();
        images.Dispose();
    }

    private FeatureKey Key(
        int resolutionPx = 32, MemoryFormat? format = null, ChannelStatistics? statistics = null, int batchSize = 4, ImageDataSet? data = null, string environment = Environment, bool folds = true)
    {
        using var transform = new ImageTransform(resolutionPx, format ?? MemoryFormat.ChannelsLast, CPU, statistics);
        return FeatureKey.Of(network, folds, data ?? images, transform, batchSize, environment);
    }
}
