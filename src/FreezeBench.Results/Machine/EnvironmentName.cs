using System.Globalization;

namespace FreezeBench.Results.Machine;

/// <summary>What people call an environment.</summary>
public static class EnvironmentName
{
    // What a twin in another framework writes in place of TorchSharp's version, before the framework's name.
    private const string NoTorchSharp = "unused; ";

    /// <summary>The GPU's name where the run used one and its name is known, else the CPU's with its cores; behind it the
    /// framework with its version where it is not TorchSharp, since both are measured on one machine.</summary>
    public static string Of(EnvironmentRecord environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var device = environment.Torch.UsesGpu && environment.Gpu.Name != Unknown.Text ? environment.Gpu.Name : Cpu(environment.Machine);
        return environment.Torch.TorchSharpVersion.StartsWith(NoTorchSharp, StringComparison.Ordinal)
            ? $"{device}, {environment.Torch.TorchSharpVersion[NoTorchSharp.Length..]} {environment.Torch.LibtorchVersion}"
            : device;
    }

    /// <summary>The CPU's model, its vector extension where it is known, since unlike CPUs may have one name, and its logical cores:
    /// <c>AMD EPYC, AVX-512, 2 cores</c>.</summary>
    public static string Cpu(MachineFacts machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var extension = machine.CpuVectorExtension == Unknown.Text ? "" : $", {CpuVectorExtension.Shown(machine.CpuVectorExtension)}";
        return string.Create(CultureInfo.InvariantCulture, $"{machine.CpuModel}{extension}, {machine.LogicalCores} {(machine.LogicalCores == 1 ? "core" : "cores")}");
    }
}
