using System.Runtime.InteropServices;

namespace FreezeBench.Torch.Loading;

/// <summary>
/// How the C runtime keeps the memory that libtorch frees. A training step frees what the next one takes again: a batch's
/// activations and the gradients. glibc gives such memory back to the system as it becomes free, and the next step waits for
/// the kernel to hand out and clear every page anew.
/// </summary>
/// <remarks>
/// <para>Told otherwise, glibc keeps it. No result changes by a bit: it is the same memory at another time.</para>
/// <para>Seen with ResNet-18 fine-tuned on two cores with Debian 12's glibc 2.36, in turn: while oneDNN made the gradients that
/// <c>TapGradient</c> makes now, 24,000 to 28,000 page faults a step at 32 px, batch 128, became 1,200, and the processor time of a step
/// 0.84 to 0.90 of what it was. Since then an epoch there takes 0.81 to 0.98 of the time at the same peak memory (470 to 475 MiB against
/// 467 to 485), and a step at 128 px, batch 32, 0.87 to 0.94 of the time at 831 to 852 MiB against 762 to 808. A frozen backbone frees
/// little at a time and gains nothing. libtorch's huge pages on top of it gained nothing certain and took more memory.</para>
/// </remarks>
public static unsafe class HeapSettings
{
    // malloc.h of glibc.
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    // Above any activation of these networks; larger blocks are mapped apart as before.
    private const int Kept = 1 << 30;

    // Who has set one of these knows better. Names: glibc's manual, "Malloc Tunable Parameters".
    private static readonly string[] userSettings =
        ["GLIBC_TUNABLES", "MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "MALLOC_MMAP_MAX_", "MALLOC_TOP_PAD_"];

    /// <summary>
    /// Whether freed memory is kept: on Linux with glibc, unless the user has chosen by an environment variable of glibc's.
    /// Elsewhere nothing was done, and this is false.
    /// </summary>
    public static bool KeepsFreedMemory { get; private set; }

    /// <summary>Applies the settings; before libtorch is loaded and takes memory.</summary>
    internal static void Apply() => KeepsFreedMemory = OperatingSystem.IsLinux() && Keep();

    private static bool Keep()
    {
        if (Array.Exists(userSettings, name => NativeEnvironment.Get(name) is not null)
            || !NativeLibrary.TryLoad("libc.so.6", out var library) || !NativeLibrary.TryGetExport(library, "mallopt", out var address))
            return false;
        var mallopt = (delegate* unmanaged[Cdecl]<int, int, int>)address;
        return mallopt(MmapThreshold, Kept) == 1 && mallopt(TrimThreshold, Kept) == 1;
    }
}
