using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace FreezeBench.Torch.Loading;

/// <summary>
/// What oneDNN, which computes libtorch's convolutions on the CPU, believes of the CPU's caches: put right where a hypervisor hides
/// them, since it computes wrongly then.
/// </summary>
/// <remarks>
/// <para>Some hypervisors leave CPUID's leaf 0x8000001D, where an AMD CPU describes its caches, empty. Xbyak, through which oneDNN
/// asks, then reads sizes of 1 byte (a product of fields that each mean "one more than"), and oneDNN cuts its 1x1 convolutions on
/// channels-last tensors into blocks that cannot be. Seen with libtorch 2.10 on a virtual machine with a Zen 5 CPU: the sums of
/// ResNet-18's last downsampling (256 to 512 channels, stride 2) off by half of the largest, without a word; ResNet-50 ended
/// by SIGFPE; heap corruption. PyTorch 1.13 on the same machine computes right.</para>
/// <para>With "no levels known" instead of "three levels of 1 byte", oneDNN takes its own assumptions (32 KB, 512 KB,
/// 1 MB), and all convolutions are right. Nobody exports a way to say so, so the one number is written where it lies: in
/// <c>dnnl::impl::cpu::x64::cpu()::cpu_</c>, found by the library's own symbol table, and only after all of it looks as it does
/// when the caches are hidden.</para>
/// </remarks>
public static unsafe class OneDnnCaches
{
    private const uint AmdCaches = 0x8000001D;
    private const uint HighestLeaf = 0x80000000;

    // dnnl::impl::cpu::x64::cpu() and the object in it; any exported function tells how far the library lies from its own count.
    private const string Getter = "_ZN4dnnl4impl3cpu3x643cpuEv";
    private const string Cpu = "_ZZN4dnnl4impl3cpu3x643cpuEvE4cpu_";
    private const string Exported = "_ZN2at13globalContextEv";

    // Xbyak::util::Cpu (xbyak_util.h) as it is in libtorch 2.10: a type of two 64-bit numbers, three counts of cores, ten sizes
    // of caches, ten counts of cores that share them, the number of cache levels, and more.
    private const ulong Size = 144;
    private const int Sizes = 28 / sizeof(uint);
    private const int Levels = 108 / sizeof(uint);
    private const uint HiddenLevels = 3;

    /// <summary>Whether this process's oneDNN was told that the caches are unknown.</summary>
    public static bool Corrected { get; private set; }

    /// <summary>Whether this CPU is one whose caches oneDNN would take for 1 byte each.</summary>
    public static bool Hidden
    {
        get
        {
            if (!X86Base.IsSupported)
                return false;
            var (highest, ebx, ecx, edx) = X86Base.CpuId(unchecked((int)HighestLeaf), 0);
            return Vendor(ebx, edx, ecx) == "AuthenticAMD" && (uint)highest >= AmdCaches && X86Base.CpuId(unchecked((int)AmdCaches), 0) == (0, 0, 0, 0);
        }
    }

    /// <summary>Puts right what oneDNN believes, where it is wrong; before the first convolution.</summary>
    /// <param name="library">Path of libtorch_cpu, which is loaded.</param>
    /// <exception cref="RefusedException">It is wrong and lies elsewhere than in the libtorch that is known.</exception>
    internal static void Correct(string library)
    {
        if (!Hidden || !OperatingSystem.IsLinux())
            return;
        Corrected = TryCorrect(library) ? true : throw new RefusedException(
            "This CPU hides its caches from programs (CPUID leaf 0x8000001D is empty, as under some hypervisors), and oneDNN in libtorch then computes some convolutions "
            + $"wrongly or crashes. FreezeBench corrects that in libtorch 2.10, and {library} is another one. Let the hypervisor pass the leaf on, or use another machine.");
    }

    private static bool TryCorrect(string library)
    {
        if (!NativeLibrary.TryLoad(library, out var handle) || !NativeLibrary.TryGetExport(handle, Exported, out var exported))
            return false;
        IReadOnlyDictionary<string, ElfSymbol> symbols;
        try
        {
            symbols = ElfSymbols.Find(library, Getter, Cpu, Exported);
        }
        catch (InvalidDataException)
        {
            return false;
        }
        if (symbols.Count < 3 || symbols[Cpu].Size != Size)
            return false;
        var start = (ulong)exported - symbols[Exported].Address;
        // The call makes the object; what it returns says whether the distances are right.
        var cpu = ((delegate* unmanaged[Cdecl]<uint*>)(start + symbols[Getter].Address))();
        if ((ulong)cpu != start + symbols[Cpu].Address || cpu[Levels] != HiddenLevels || cpu[Sizes] != 1 || cpu[Sizes + 1] != 1 || cpu[Sizes + 2] != 1)
            return false;
        cpu[Levels] = 0;
        return true;
    }

    private static string Vendor(params ReadOnlySpan<int> registers) => Encoding.ASCII.GetString(MemoryMarshal.AsBytes(registers));
}
