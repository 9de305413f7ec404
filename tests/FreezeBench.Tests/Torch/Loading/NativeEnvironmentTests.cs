using FreezeBench.Torch.Loading;
using Xunit;

namespace FreezeBench.Tests.Torch.Loading;

public class NativeEnvironmentTests
{
    private const string Name = "FREEZEBENCH_TEST_NATIVE";

    [Fact]
    public void Set_IsSeenByNativeCode_AndReplaces()
    {
        NativeEnvironment.Set(Name, ":4096:8");
        Assert.Equal(":4096:8", NativeEnvironment.Get(Name));
        NativeEnvironment.Set(Name, "ü");
        Assert.Equal("ü", NativeEnvironment.Get(Name));
    }

    [Fact]
    public void DotNetsOwnFunction_DoesNotReachNativeCode()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There the two are one.");
        // The trap that NativeEnvironment is there for; if this fails, .NET has changed and it can go.
        Environment.SetEnvironmentVariable(Name + "_2", "1");
        Assert.Null(NativeEnvironment.Get(Name + "_2"));
    }

    [Fact]
    public void UnsetVariable_IsNull() => Assert.Null(NativeEnvironment.Get(Name + "_UNSET"));
}
