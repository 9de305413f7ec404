using FreezeBench.Torch.Arithmetic;
using FreezeBench.Torch.Loading;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Torch.Arithmetic;

public class DeterminismTests
{
    [Fact]
    public void Enable_ArrivesInLibtorch_AndInTheNativeEnvironment()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The symbols are named by another rule there.");
        try
        {
            Assert.False(Determinism.Enabled || Determinism.IsOn);
            Determinism.Enable();
            Assert.True(Determinism.Enabled && Determinism.IsOn);
            Assert.NotNull(NativeEnvironment.Get("CUBLAS_WORKSPACE_CONFIG"));
        }
        finally
        {
            Determinism.Set(false);
        }
        Assert.False(Determinism.Enabled);
    }

    [Fact]
    public void Enabled_AnOperationWithoutADeterministicKernel_IsRefusedByLibtorch()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The symbols are named by another rule there.");
        using var scope = torch.NewDisposeScope();
        using var unpool = torch.nn.MaxUnpool2d(2);
        void Unpool() => unpool.call(torch.ones(1, 1, 1, 1), torch.zeros(1, 1, 1, 1, dtype: torch.ScalarType.Int64)).Dispose();
        Unpool();
        try
        {
            Determinism.Set(true);
            // libtorch's own words: one of the few operations on the CPU that it knows to be nondeterministic.
            Assert.Contains("deterministic", Assert.ThrowsAny<Exception>(Unpool).Message, StringComparison.Ordinal);
        }
        finally
        {
            Determinism.Set(false);
        }
    }
}
