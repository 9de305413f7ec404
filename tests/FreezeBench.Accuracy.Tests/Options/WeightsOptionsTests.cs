using Xunit;

namespace FreezeBench.Accuracy.Tests.Options;

public class WeightsOptionsTests
{
    [Fact]
    public void MlNetsWeights_AreForItsNetworkAlone() => Assert.Contains(
        "--weights mlnet is for --backbone resnet20_mlnet; it has resnet18. ML.NET's network has a block more than ResNet-18.",
        Runner.Refusal(["--device", "cpu", "--dataset", "synthetic", "--weights", "mlnet"]), StringComparison.Ordinal);

    [Theory]
    [InlineData("random")]
    [InlineData("imagenet")]
    [InlineData("mlnet")]
    public void KeyOfACheckpoint_NeedsACheckpoint(string weights) => Assert.Contains(
        $"--weights-key is 'ema', and --weights is {weights}, which is no file of yours; leave it out.",
        Runner.Refusal([.. Runner.Synthetic, "--weights", weights, "--weights-key", "ema"]), StringComparison.Ordinal);

    [Fact]
    public void EmptyKey_IsRefused() => Assert.Contains(
        "--weights-key is empty; name a key, such as model_ema.", Runner.Refusal([.. Runner.Synthetic, "--weights", "w.pth", "--weights-key", "."]), StringComparison.Ordinal);
}
