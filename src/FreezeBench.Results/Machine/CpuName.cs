using System.Runtime.Versioning;
using Microsoft.Win32;

namespace FreezeBench.Results.Machine;

/// <summary>The CPU's model name.</summary>
internal static class CpuName
{
    /// <summary>ARM cores by implementer and part number (Linux names none in /proc/cpuinfo): Arm's and the vendors'
    /// MIDR_EL1 values, as in the Linux kernel's arch/arm64/include/asm/cputype.h.</summary>
    private static readonly Dictionary<(string Implementer, string Part), string> armCores = new()
    {
        [("0x41", "0xd08")] = "ARM Cortex-A72",
        [("0x41", "0xd0b")] = "ARM Cortex-A76",
        [("0x41", "0xd0c")] = "ARM Neoverse-N1",
        [("0x41", "0xd40")] = "ARM Neoverse-V1",
        [("0x41", "0xd49")] = "ARM Neoverse-N2",
        [("0x41", "0xd4f")] = "ARM Neoverse-V2",
        [("0x41", "0xd42")] = "ARM Cortex-A78AE",
    };

    /// <summary>The name, blanks closed up; "unknown" where the system does not tell.</summary>
    internal static string OfThisMachine()
    {
        string? name = null;
        if (OperatingSystem.IsLinux())
            name = FromCpuInfo(CpuInfo.Lines());
        else if (OperatingSystem.IsMacOS())
            name = ChildProcess.FactOf("sysctl", ["-n", "machdep.cpu.brand_string"]);
        else if (OperatingSystem.IsWindows())
            name = FromRegistry() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return Tidy(name);
    }

    /// <summary>x86 writes "model name", POWER and s390 other words; ARM servers give numbers; a Raspberry Pi adds its board.</summary>
    internal static string? FromCpuInfo(IReadOnlyList<string> lines)
    {
        if ((Value("model name") ?? Value("cpu") ?? Value("cpu model")) is { } name)
            return name;
        if (Value("CPU implementer") is { } implementer && Value("CPU part") is { } part)
            return armCores.GetValueOrDefault((implementer, part), $"ARM implementer {implementer} part {part}");
        return Value("Model") ?? Value("uarch");

        string? Value(string key) => CpuInfo.Value(lines, key);
    }

    /// <summary>One line without runs of blanks, so that two kernels' paddings do not give two environments.</summary>
    internal static string Tidy(string? name)
    {
        var characters = (name ?? "").Select(character => ForeignText.IsSteering(character) ? ' ' : character).ToArray();
        var tidy = string.Join(' ', new string(characters).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return tidy.Length == 0 ? Unknown.Text : tidy;
    }

    [SupportedOSPlatform("windows")]
    private static string? FromRegistry()
    {
        using var key = Registry.LocalMachine.OpenSubKey(@"HARDWARE\DESCRIPTION\System\CentralProcessor\0");
        return key?.GetValue("ProcessorNameString") as string;
    }
}
