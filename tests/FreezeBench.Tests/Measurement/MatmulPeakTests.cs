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
}
