using FreezeBench.Measurement;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Measurement;

public class MatmulPeakTests
{
    [Fact]
    public void Peak_IsARate_AndLeavesNothingBehind()
    {
        var (before, live) = (torch.backends.cuda.matmul.allow_tf32, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        var rate = MatmulPeak.FlopsPerS(torch.CPU);

        // From a hundredth of one core's to more than any computer has.
        Assert.InRange(rate, 1e7, 1e17);
        Assert.Equal(before, torch.backends.cuda.matmul.allow_tf32);
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.True(torch.is_grad_enabled());
    }

    [Theory]
    [InlineData(torch.ScalarType.Float32, false, true)]
    [InlineData(torch.ScalarType.Float32, true, false)]
    [InlineData(torch.ScalarType.BFloat16, false, false)]
    public void OnAGpu_ConvolutionsAreTriedToo_WhereAnAlgorithmMaySaveMultiplications(torch.ScalarType type, bool allowsTf32, bool tries) =>
        Assert.Equal(tries, MatmulPeak.TriesConvolutionsOnCuda(type, allowsTf32));
}
