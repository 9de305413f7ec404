using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public sealed class KnownMachinesTests
{
    private static readonly EnvironmentRecord twin = Examples.Cpu with
    {
        Torch = Examples.Cpu.Torch with { TorchSharpVersion = "unused; PyTorch", LibtorchVersion = "2.6.0" },
        Machine = Examples.Cpu.Machine with { DotNetVersion = "unused; Python 3.11.2" },
    };

    [Fact]
    public void IdsOfOneMachine_AreJoined_WhateverItsSoftware()
    {
        EnvironmentRecord[] ids =
        [
            Examples.Cpu, Examples.SecondCpu, Examples.OldCpu, twin,
            Examples.Cpu with { Machine = Examples.Cpu.Machine with { OperatingSystem = "Debian GNU/Linux 13 (trixie)" } },
            Examples.Cpu with { Torch = Examples.Cpu.Torch with { Threads = 1 } },
        ];

        var machine = Assert.Single(KnownMachines.Of(ids).Machines);

        Assert.Equal("AMD EPYC, AVX-512, 2 cores", machine.Name);
        Assert.Equal(ids.Select(record => record.Id).Order(StringComparer.Ordinal), machine.Ids);
        Assert.Contains($"{Examples.OldCpu.Id} (environment.json of version 1)", machine.JoinedNote, StringComparison.Ordinal);
    }

    [Fact]
    public void OlderRecord_ThatFitsTwoMachines_StaysByItself_AndNamesStayUnique()
    {
        var other = Other("avx2");

        var machines = KnownMachines.Of([Examples.OldCpu, other, Examples.Cpu]);

        Assert.Equal(3, machines.Machines.Count);
        Assert.Equal(3, machines.Machines.Select(machine => machine.Name).Distinct().Count());
        Assert.Equal(machines.Of(Examples.OldCpu.Id).Ids, [Examples.OldCpu.Id]);
        Assert.All(machines.Machines, machine => Assert.Null(machine.JoinedNote));
    }

    [Fact]
    public void OrderOfTheRecords_ChangesNothing()
    {
        EnvironmentRecord[] records = [Examples.OldCpu, Examples.Gpu, twin, Examples.OldGpu, Examples.Cpu, Other("avx2")];

        Assert.Equal(Text(records), Text(records.Reverse()));

        static string Text(IEnumerable<EnvironmentRecord> records) =>
            string.Join('\n', KnownMachines.Of(records).Machines.Select(machine => $"{machine.Name}: {string.Join(' ', machine.Ids)}"));
    }

    [Fact]
    public void CpuAndGpuOfOneComputer_AreTwoMachines()
    {
        var machines = KnownMachines.Of([Examples.Cpu, Examples.Gpu, Examples.OldGpu]);

        Assert.Equal(["AMD EPYC, AVX-512, 2 cores", "NVIDIA H100 80GB HBM3"], machines.Machines.Select(machine => machine.Name));
        Assert.Equal(2, machines.Of(Examples.OldGpu.Id).Ids.Count);
    }

    [Theory]
    [InlineData(40_536, 1)]
    [InlineData(40_000, 2)]
    [InlineData(20_480, 2)]
    public void MemoryOfAGpu_IsThatOfItsProduct_WithinTwoPercent(long mebibytes, int machines)
    {
        static EnvironmentRecord With(long size, string driver) => Examples.Gpu with { Gpu = Examples.Gpu.Gpu with { Name = "NVIDIA A100", MemoryBytes = size << 20, DriverVersion = driver } };

        Assert.Equal(machines, KnownMachines.Of([With(40_960, "535.1"), With(mebibytes, "550.2")]).Machines.Count);
        Assert.Equal(machines, KnownMachines.Of([With(mebibytes, "550.2"), With(40_960, "535.1")]).Machines.Count);
    }

    [Theory]
    [InlineData("family")]
    [InlineData("cores")]
    [InlineData("architecture")]
    [InlineData("gpu")]
    [InlineData("memory")]
    public void EveryFactThatMakesAMachineFaster_KeepsMachinesApart_AndNamesThemApart(string fact)
    {
        var (machine, gpu) = (Examples.Gpu.Machine, Examples.Gpu.Gpu);
        var other = fact switch
        {
            "family" => Examples.Gpu with { Machine = machine with { CpuFamily = "AuthenticAMD family 25 model 1 stepping 1" } },
            "cores" => Examples.Gpu with { Machine = machine with { LogicalCores = 64 } },
            "architecture" => Examples.Gpu with { Machine = machine with { Architecture = "arm64" } },
            "gpu" => Examples.Gpu with { Gpu = gpu with { Name = "NVIDIA L4" } },
            // A memory size is no part of the id: two folders of one id are two machines only where the ids differ too.
            _ => Examples.Gpu with { Gpu = gpu with { MemoryBytes = 42_000_000_000, DriverVersion = "580.1" } },
        };

        var machines = KnownMachines.Of([Examples.Gpu, other]).Machines;

        Assert.Equal(2, machines.Count);
        Assert.NotEqual(machines[0].Name, machines[1].Name);
    }

    [Theory]
    [InlineData("Intel(R) Xeon(R) Processor", "Intel Xeon, AVX-512, 2 cores")]
    [InlineData("Intel(R) Xeon(R) CPU @ 2.20GHz", "Intel Xeon, AVX-512, 2 cores")]
    [InlineData("AMD EPYC 7763 64-Core Processor", "AMD EPYC 7763, AVX-512, 2 cores")]
    [InlineData("Processor", "Processor, AVX-512, 2 cores")]
    [InlineData("AMD\u001b[31m EPYC\n", "AMD [31m EPYC, AVX-512, 2 cores")]
    public void Name_IsForPeople(string model, string expected) =>
        Assert.Equal(expected, KnownMachines.Of([Examples.Cpu with { Machine = Examples.Cpu.Machine with { CpuModel = model } }]).Machines[0].Name);

    [Fact]
    public void EnvironmentThatNobodyDescribed_IsAMachineOfItsOwn() => Assert.Equal("x-1", KnownMachines.Of([Examples.Cpu]).Of("x-1").Name);

    private static EnvironmentRecord Other(string extension) => Examples.Cpu with { Machine = Examples.Cpu.Machine with { CpuVectorExtension = extension } };
}
