using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public sealed class NodeIdTests
{
    [Fact]
    public void Of_IsTheSameForEver_AndNamesNobody()
    {
        Assert.Equal("db16f450", NodeId.Of("0123456789abcdef0123456789abcdef"));
        Assert.Equal(NodeId.Of("GPU-00AA"), NodeId.Of(" gpu-00aa\n"));
        Assert.NotEqual(NodeId.Of("GPU-00aa"), NodeId.Of("GPU-00ab"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("unknown")]
    public void Of_NoIdentity_IsUnknown(string? identity) => Assert.Equal("unknown", NodeId.Of(identity));

    [Fact]
    public void HostIdentity_IsTheMachineIdsLine_AndNoneWhereTheSystemHasNone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "machine-id is Linux's.");
        using var temporary = new Temporary();
        Assert.Equal("00ff", NodeId.HostIdentity(temporary.File("one", "00ff\n")));
        Assert.Null(NodeId.HostIdentity(temporary.File("never-started", "uninitialized\n")));
        Assert.Null(NodeId.HostIdentity(temporary.File("empty", "")));
        Assert.Null(NodeId.HostIdentity(Path.Combine(temporary.Folder, "nowhere")));
    }

    [Fact]
    public void Run_OnACpu_IsOfTheHost_AndOnAGpuThatNobodyKnowsOfNone()
    {
        Assert.Equal(NodeId.Of(NodeId.HostIdentity()), NodeId.Of(Examples.Cpu.Torch, nvml: null));
        Assert.Equal("unknown", NodeId.Of(Examples.Gpu.Torch, nvml: null));
    }
}
