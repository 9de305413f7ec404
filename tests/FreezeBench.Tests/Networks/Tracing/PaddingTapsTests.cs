using FreezeBench.Freezing;
using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.Tracing;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks.Tracing;

public class PaddingTapsTests
{
    // A convolution of ones by ones counts, at each place, the taps that meet a pixel.
    [Theory]
    [InlineData(1, 3, 1, 1, 1)]
    [InlineData(2, 3, 1, 1, 1)]
    [InlineData(8, 3, 1, 1, 1)]
    [InlineData(2, 3, 2, 1, 1)]
    [InlineData(32, 7, 2, 3, 1)]
    [InlineData(9, 3, 1, 2, 2)]
    [InlineData(5, 1, 1, 0, 1)]
    public void Share_IsWhatAConvolutionOfOnesCounts(int pixels, int kernel, int stride, int padding, int dilation)
    {
        using var counts = nn.functional.conv2d(ones(1, 1, pixels, pixels), ones(1, 1, kernel, kernel), strides: [stride, stride], padding: [padding, padding], dilation: [dilation, dilation]);
        var outputs = counts.size(2);
        var share = PaddingTaps.Share(pixels, outputs, kernel, stride, padding, dilation);

        Assert.Equal(counts.sum().item<float>() / (outputs * outputs * kernel * kernel), share * share, 1e-6);
    }

    [Fact]
    public void SmallImages_MeetMuchPadding_LargeOnesLittle()
    {
        double Ratio(int px) => (double)StepFlops.Of(NetworkCatalog.ResNet18, 10, px, FreezingPolicy.FineTune, withPadding: false).Forward / StepFlops.Of(NetworkCatalog.ResNet18, 10, px, FreezingPolicy.FineTune).Forward;

        // Of 3x3 kernels on 8, 4, 2 and 1 pixels in a row: 0.84, 0.69, 0.44 and 0.11 of the products.
        Assert.InRange(Ratio(32), 0.5, 0.6);
        Assert.InRange(Ratio(224), 0.9, 0.97);
    }
}
