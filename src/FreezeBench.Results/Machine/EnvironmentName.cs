using System.Globalization;
using System.Text.RegularExpressions;

namespace FreezeBench.Results.Machine;

/// <summary>What people call an environment.</summary>
public static partial class EnvironmentName
{
    // What a twin in another framework writes in place of TorchSharp's version, before the framework's name.
    private const string NoTorchSharp = "unused; ";

    /// <summary>The GPU's name where the run used one and its name is known, else the CPU's with its cores; behind it the
    /// framework with its version where it is not TorchSharp, since both are measured on one machine.</summary>
    public static string Of(EnvironmentRecord environment)
    {
        var device = environment.Torch.UsesGpu && environment.Gpu.Name != Unknown.Text ? environment.Gpu.Name : Cpu(environment.Machine);
        return environment.Torch.TorchSharpVersion.StartsWith(NoTorchSharp, StringComparison.Ordinal)
            ? $"{device}, {environment.Torch.TorchSharpVersion[NoTorchSharp.Length..]} {environment.Torch.LibtorchVersion}"
            : device;
    }

    /// <summary>The machine without its framework, and without what tells nothing in a name: <c>Intel Xeon, AVX-512, 2 cores</c>.</summary>
    internal static string OfMachine(EnvironmentRecord environment)
    {
        if (environment.Torch.UsesGpu && environment.Gpu.Name != Unknown.Text)
            return CpuName.Tidy(environment.Gpu.Name);
        // A file may have been written by anybody: its control characters must not reach a terminal.
        var tidy = CpuName.Tidy(Noise().Replace(environment.Machine.CpuModel.Split('@')[0], " "));
        return CpuName.Tidy(Cpu(environment.Machine with { CpuModel = tidy != Unknown.Text ? tidy : environment.Machine.CpuModel }));
    }

    /// <summary>The CPU's model, its vector extension where it is known, since unlike CPUs may have one name, and its logical cores:
    /// <c>AMD EPYC, AVX-512, 2 cores</c>.</summary>
    public static string Cpu(MachineFacts machine)
    {
        var extension = machine.CpuVectorExtension == Unknown.Text ? "" : $", {CpuVectorExtension.Shown(machine.CpuVectorExtension)}";
        return string.Create(CultureInfo.InvariantCulture, $"{machine.CpuModel}{extension}, {machine.LogicalCores} {(machine.LogicalCores == 1 ? "core" : "cores")}");
    }

    [GeneratedRegex(@"\((R|TM)\)|\b(CPU|Processor|[0-9]+-Core)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Noise();
}
