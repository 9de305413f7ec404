using FreezeBench.Downloads;
using FreezeBench.Images;
using FreezeBench.Results;
using FreezeBench.Tests.Downloads;
using FreezeBench.Tests.Networks;
using FreezeBench.Weights.Loading;
using Xunit;

namespace FreezeBench.Tests.Weights.Loading;

public class ImageNetWeightsTests
{
    [Theory]
    [InlineData("resnet18", "imagenet", "imagenet1k-v1", "resnet18-f37072fd.pth")]
    [InlineData("resnet34", "imagenet", "imagenet1k-v1", "resnet34-b627a593.pth")]
    [InlineData("resnet50", "imagenet", "imagenet1k-v1", "resnet50-0676ba61.pth")]
    [InlineData("resnet50", "imagenet-v2", "imagenet1k-v2", "resnet50-11ad3fa6.pth")]
    public void File_IsTorchvisions(string backbone, string option, string name, string fileName)
    {
        var weights = ImageNetWeights.Parse(backbone, option);
        Assert.Equal((name, fileName), (weights.Name, weights.File.FileName));
        Assert.Equal(new Uri($"https://download.pytorch.org/models/{fileName}"), weights.File.Uri);
        Assert.Equal(64, weights.File.Sha256.Length);
        Assert.Contains($"-{weights.File.Sha256[..8]}.", fileName, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryResNet_HasADefault_WhichComesFirst() => Assert.All(ResNets.All, backbone =>
        Assert.Equal(ImageNetWeights.DefaultOption, ImageNetWeights.For(backbone.Name)[0].Option));

    [Theory]
    [InlineData("resnet18", "imagenet-v2",
        "'imagenet-v2' for resnet18. Its ImageNet weights are: imagenet (imagenet1k-v1)")]
    [InlineData("resnet50", "x",
        "'x' for resnet50. Its ImageNet weights are: imagenet (imagenet1k-v1), imagenet-v2 (imagenet1k-v2)")]
    [InlineData("vgg", "imagenet", "'imagenet' for vgg. No ImageNet weights are known for it")]
    public void UnknownWeights_ListWhatThereIs(string backbone, string option, string message) =>
        Assert.Equal($"There are no weights {message}; or pass weights with the path of a file.",
            Assert.Throws<UserErrorException>(() => ImageNetWeights.Parse(backbone, option)).Message);

    [Fact]
    public void Normalisation_IsTheTransforms()
    {
        Assert.Equal([0.485f, 0.456f, 0.406f], ChannelStatistics.ImageNet.Mean);
        Assert.Equal([0.229f, 0.224f, 0.225f], ChannelStatistics.ImageNet.StandardDeviation);
    }

    [Fact]
    public void Fetch_KeepsTheFileAndReadsIt()
    {
        byte[] file = [2, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}'];      // A safetensors file without a tensor.
        using var server = new FileServer(request => ServerReply.File(request, file));
        using var cache = new Temporary();
        var weights = ImageNetWeights.For("resnet18")[0].From(new RemoteFile(server.Address("a"), "a.pth", Fetching.Hash(file)));
        var message = Assert.Throws<UserErrorException>(() =>
            weights.Fetch(new Downloader(), SilentProgress.Instance, cache.Folder, TestContext.Current.CancellationToken)).Message;

        var path = Path.Combine(cache.Folder, "weights", "a.pth");
        Assert.Equal($"The weights file '{path}' was not read: it holds no tensor.", message);
        Assert.Equal(file, File.ReadAllBytes(path));
    }
}
