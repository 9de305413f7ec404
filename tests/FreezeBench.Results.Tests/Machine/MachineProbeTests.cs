using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public sealed class MachineProbeTests
{
    [Theory]
    [InlineData("processor\t: 0\nmodel\t\t: 1\nmodel name\t: AMD EPYC 7763\n", "AMD EPYC 7763")]
    [InlineData("processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n", "ARM Neoverse-N1")]
    [InlineData("processor\t: 0\nCPU implementer\t: 0x61\nCPU part\t: 0x022\n", "ARM implementer 0x61 part 0x022")]
    [InlineData("cpu\t\t: POWER9, altivec supported\n", "POWER9, altivec supported")]
    [InlineData("uarch\t\t: sifive,u74\n", "sifive,u74")]
    [InlineData("model name\t:\n", null)]
    [InlineData("", null)]
    public void CpuName_IsFoundInEveryArchitecturesFile(string text, string? expected) =>
        Assert.Equal(expected, CpuName.FromCpuInfo(text.Split('\n')));

    [Theory]
    [InlineData("  Intel(R)   Xeon(R)\tCPU \n", "Intel(R) Xeon(R) CPU")]
    [InlineData(" ", "unknown")]
    [InlineData(null, "unknown")]
    public void Name_IsTidiedToOneLine(string? name, string expected) => Assert.Equal(expected, CpuName.Tidy(name));

    [Fact]
    public void PhysicalCores_AreDistinctGroupsOfSiblings()
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "macOS answers by sysctl.");
        using var temporary = new Temporary();
        foreach (var (cpu, siblings) in new[] { ("cpu0", "0,2"), ("cpu1", "1,3"), ("cpu2", "0,2"), ("cpu3", "1,3") })
        {
            Directory.CreateDirectory(Path.Combine(temporary.Folder, cpu, "topology"));
            temporary.File(Path.Combine(cpu, "topology", "thread_siblings_list"), siblings + "\n");
        }
        Directory.CreateDirectory(Path.Combine(temporary.Folder, "cpufreq"));

        Assert.Equal(2, MachineProbe.PhysicalCores(temporary.Folder));
        Assert.Null(MachineProbe.PhysicalCores(Path.Combine(temporary.Folder, "missing")));
    }

    [Theory]
    [InlineData("VmHWM:\t    2048 kB", 2048L * 1024)]
    [InlineData("VmHWM:\tmany kB", null)]
    [InlineData("VmHWM:\t2048", null)]
    [InlineData("VmPeak:\t2048 kB", null)]
    public void Kibibytes_AreRead(string line, long? expected) => Assert.Equal(expected, HostMemory.Kibibytes([line], "VmHWM"));

    [Fact]
    public void PeakMemory_GrowsWithWhatIsTouched()
    {
        const int Size = 256 << 20;
        var before = HostMemory.PeakBytes();
        var block = GC.AllocateUninitializedArray<byte>(Size);
        for (var index = 0; index < block.Length; index += 1024)
            block[index] = 1;
        GC.KeepAlive(block);

        Assert.InRange(HostMemory.PeakBytes()!.Value, Math.Max(before!.Value, Size), long.MaxValue);
    }

    [Fact]
    public void ThisMachine_IsDescribedTwiceTheSame()
    {
        var environment = EnvironmentProbe.Capture(Examples.Cpu.Torch, null);

        Assert.NotEqual("unknown", environment.Machine.CpuModel);
        Assert.True(environment.Machine.LogicalCores > 0);
        Assert.True(environment.Machine.MemoryBytes > 1 << 20);
        Assert.Equal(environment, EnvironmentProbe.Capture(Examples.Cpu.Torch, null));
        Assert.Equal(GpuFacts.None, environment.Gpu);
    }

    [Fact]
    public void OnlyARunOnTheGpu_HasADeviceToWatch()
    {
        using var nvml = NvmlStandIn.Open();

        Assert.Null(EnvironmentProbe.WatchableDevice(Examples.Cpu.Torch, nvml));
        Assert.Equal("NVIDIA H100 80GB HBM3", EnvironmentProbe.Capture(Examples.Gpu.Torch, nvml).Gpu.Name);
    }
}
