using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace FreezeBench.Results.Machine;

/// <summary>Which design a CPU is, by the numbers in its silicon. A virtual machine often hides the model's name, but seldom these.</summary>
internal static class CpuFamily
{
    private static readonly string[] armParts = ["implementer", "part", "variant", "revision"];

    /// <summary>The text; "unknown" where neither the CPU nor Linux tells (ARM on Windows and macOS, other architectures).</summary>
    internal static string OfThisMachine()
    {
        if (X86Base.IsSupported)
            return FromCpuId(leaf => X86Base.CpuId(leaf, 0));
        return OperatingSystem.IsLinux() ? FromCpuInfo(CpuInfo.Lines()) : Unknown.Text;
    }

    /// <summary>x86: the vendor of leaf 0, and the signature of leaf 1 (EAX) taken apart as in Intel SDM, volume 2A, CPUID, and
    /// AMD APM, volume 3, appendix E, so that the numbers are those of /proc/cpuinfo.</summary>
    internal static string FromCpuId(Func<int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId)
    {
        var first = cpuId(0);
        if (first.Eax < 1)
            return Unknown.Text;
        var vendor = new byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(vendor, first.Ebx);
        BinaryPrimitives.WriteInt32LittleEndian(vendor.AsSpan(4), first.Edx);
        BinaryPrimitives.WriteInt32LittleEndian(vendor.AsSpan(8), first.Ecx);
        var signature = cpuId(1).Eax;
        var (family, model, stepping) = (signature >> 8 & 0xf, signature >> 4 & 0xf, signature & 0xf);
        if (family == 0xf)
            family += signature >> 20 & 0xff;
        if (family >= 6)
            model |= (signature >> 16 & 0xf) << 4;
        return CpuName.Tidy(string.Create(CultureInfo.InvariantCulture, $"{Encoding.ASCII.GetString(vendor)} family {family} model {model} stepping {stepping}"));
    }

    /// <summary>ARM: the four parts of MIDR_EL1 as Linux shows them.</summary>
    internal static string FromCpuInfo(IReadOnlyList<string> lines)
    {
        var parts = armParts.Select(part => (Name: part, Value: CpuInfo.Value(lines, $"CPU {part}"))).ToList();
        return parts.TrueForAll(part => part.Value is not null) ? CpuName.Tidy(string.Join(' ', parts.Select(part => $"{part.Name} {part.Value}"))) : Unknown.Text;
    }
}
