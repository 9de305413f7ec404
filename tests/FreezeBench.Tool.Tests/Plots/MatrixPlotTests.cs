using FreezeBench.Tool.Plots;
using Xunit;

namespace FreezeBench.Tool.Tests.Plots;

public class MatrixPlotTests
{
    [Fact]
    public void NamesThatBeginAlike_EndWithTheirIds()
    {
        var labels = MatrixPlot.Labels(
        [
            ("AMD EPYC, AVX-512, 2 cores", "amd-epyc-2c-00000001"), ("AMD EPYC, AVX-512, 2 cores, PyTorch 2.9.1", "amd-epyc-2c-00000002"),
            ("AMD EPYC, AVX2, 2 cores", "amd-epyc-2c-00000003"), ("AMD EPYC, 2 cores", "amd-epyc-2c-00000004"), ("x", "1"), ("x", "2"),
        ]);

        Assert.Equal(["AMD EPYC,…00000001", "AMD EPYC,…00000002", "AMD EPYC, AVX2, 2…", "AMD EPYC, 2 cores", "x…1", "x…2"], labels);
        Assert.All(labels, label => Assert.InRange(label.Length, 1, 18));
    }
}
