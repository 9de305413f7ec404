using System.Runtime.Intrinsics.X86;
using System.Text;
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

    // Signatures that CPUs answer: Turin, Sapphire Rapids, a K8, and a Quark, whose family is too old for an extended model.
    [Theory]
    [InlineData("AuthenticAMD", 0x00B00F21, "AuthenticAMD family 26 model 2 stepping 1")]
    [InlineData("GenuineIntel", 0x000806F8, "GenuineIntel family 6 model 143 stepping 8")]
    [InlineData("AuthenticAMD", 0x00020FB1, "AuthenticAMD family 15 model 43 stepping 1")]
    [InlineData("GenuineIntel", 0x00010590, "GenuineIntel family 5 model 9 stepping 0")]
    [InlineData("  Shanghai  ", 0x000307B0, "Shanghai family 7 model 59 stepping 0")]
    public void CpuFamily_IsOfCpuIdsNumbers(string vendor, int signature, string expected)
    {
        int Part(int start) => BitConverter.ToInt32(Encoding.ASCII.GetBytes(vendor), start);

        Assert.Equal(expected, CpuFamily.FromCpuId(leaf => leaf == 0 ? (1, Part(0), Part(8), Part(4)) : (signature, 0, 0, 0)));
        Assert.Equal("unknown", CpuFamily.FromCpuId(_ => (0, 0, 0, 0)));
    }

    [Theory]
    [InlineData("processor\t: 0\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\nCPU revision\t: 1\n", "implementer 0x41 part 0xd0c variant 0x3 revision 1")]
    [InlineData("CPU implementer\t: 0x41\nCPU part\t: 0xd0c\n", "unknown")]
    [InlineData("isa\t\t: rv64imafdc\n", "unknown")]
    public void CpuFamily_OfArmIsLinuxs(string text, string expected) => Assert.Equal(expected, CpuFamily.FromCpuInfo(text.Split('\n')));

    [Theory]
    [InlineData("flags\t\t: sse2 sse4_2 avx fma avx2 avx512f avx512dq avx512cd avx512bw avx512vl", "avx512")]
    [InlineData("flags\t\t: sse2 sse4_2 avx fma avx2 avx512f avx512cd avx512er avx512pf", "avx2")]
    [InlineData("flags\t\t: sse2 sse4_2 avx avx2", "avx")]
    [InlineData("flags\t\t: sse2 sse4_2 avx fma", "avx")]
    [InlineData("flags\t\t: sse2 ssse3 sse4_1 sse4_2", "sse4.2")]
    [InlineData("flags\t\t: sse2 ssse3", "sse2")]
    [InlineData("Features\t: fp asimd aes sve sve2", "sve")]
    [InlineData("Features\t: fp asimd aes", "neon")]
    [InlineData("Features\t: half thumb neon vfpv4", "neon")]
    [InlineData("isa\t\t: rv64imafdcv", "unknown")]
    [InlineData("", "unknown")]
    public void VectorExtension_IsTheWidestWhoseFlagsAreAllThere(string line, string expected) =>
        Assert.Equal(expected, CpuVectorExtension.FromCpuInfo(["processor\t: 0", line]));

    [Fact]
    public void CpuOfThisMachine_IsTheOneThatLinuxShows()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && X86Base.IsSupported, "Only Linux on x86 has the numbers in two places.");
        var lines = CpuInfo.Lines();
        string Shown(string key) => CpuInfo.Value(lines, key)!;

        Assert.Equal($"{Shown("vendor_id")} family {Shown("cpu family")} model {Shown("model")} stepping {Shown("stepping")}", CpuFamily.OfThisMachine());
    }

    [Fact]
    public void VectorExtensionOfThisMachine_IsTheOneThatDotNetFinds()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && X86Base.IsSupported, "Only Linux on x86 tells it in two places.");
        Assert.SkipWhen(Environment.GetEnvironmentVariables().Keys.Cast<string>().Any(name => name.StartsWith("DOTNET_Enable", StringComparison.OrdinalIgnoreCase)), ".NET is told not to use all of the CPU.");

        Assert.Equal(CpuVectorExtension.OfRuntime(), CpuVectorExtension.OfThisMachine());
    }

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
        Assert.NotEqual("unknown", environment.Machine.CpuVectorExtension);
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
