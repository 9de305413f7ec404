using System.Runtime.InteropServices;
using FreezeBench.Kernels.Folding;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Kernels.Folding;

public class TensorVersionsTests
{
    [Fact]
    public void AnyWrite_IsSeen_ThroughAViewToo_AndReadingIsNone()
    {
        using var scope = NewDisposeScope();
        var (one, other) = (ones(2, 3), ones(1));
        var versions = new TensorVersions([one, other]);
        one.add(1).sum().item<float>();
        Assert.True(versions.Unchanged);
        one[0].zero_();
        Assert.False(versions.Unchanged);
        versions = new TensorVersions([one, other]);
        other.fill_(1);     // the value that it has
        Assert.False(versions.Unchanged);
    }

    [Fact]
    public void OnlyWhatIsWrittenAfterwards_Counts()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(ones(2));
        using (no_grad())
            parameter.add_(1);
        var versions = new TensorVersions([parameter]);
        Assert.True(versions.Unchanged);
        Assert.Equal(1, versions.CountByScript());
        using (no_grad())
            parameter.fill_(2);
        Assert.False(versions.Unchanged);
        Assert.Equal(2, versions.CountByScript());
    }

    [Fact]
    public void TensorWithoutACounter_IsRefused_BeforeAnyoneAsksForIt()
    {
        using var scope = NewDisposeScope();
        Tensor inside;
        using (inference_mode(true))
            inside = ones(1);
        Assert.Throws<ExternalException>(() => new TensorVersions([inside]));
    }
}
