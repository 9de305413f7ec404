using System.Runtime.InteropServices;

namespace FreezeBench.Native;

/// <summary>
/// How the C runtime keeps the memory that libtorch frees. A training step frees what the next one takes again: a batch's
/// activations and the gradients. glibc gives such memory back to the system as it becomes free, and the next step waits for
/// the kernel to hand out and clear every page anew.
/// </summary>
/// <remarks>
/// <para>Told otherwise, glibc keeps it, and libtorch asks for pages of 2 MB in place of 4 kB. No result changes by a bit: it
/// is the same memory at another time. The process stays as large as it was at its largest, and grows no larger by it.</para>
/// <para>Seen with ResNet-18, fine-tuned at 32 px, batch 128, on two cores with Debian 12's glibc 2.36: 25,500 page faults a
/// step become 1 to 200, and 84 ms of the system's time become 3 to 12; the peak of the resident memory was 697 MB without
/// and 694 MB with it. A frozen backbone frees little at a time and gains nothing.</para>
/// </remarks>
public static unsafe class HeapSettings
{
    // malloc.h of glibc.
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    // Above any activation of these networks; larger blocks are mapped apart as before.
    private const int Kept = 1 << 30;
    private const string HugePages = "THP_MEM_ALLOC_ENABLE";
    private const string KernelSetting = "/sys/kernel/mm/transparent_hugepage/enabled";

    // Who has set one of these knows better. Names: glibc's manual, "Malloc Tunable Parameters".
    private static readonly string[] userSettings =
        ["GLIBC_TUNABLES", "MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "MALLOC_MMAP_MAX_", "MALLOC_TOP_PAD_"];

    /// <summary>
    /// Whether freed memory is kept: on Linux with glibc, unless the user has chosen by an environment variable of glibc's.
    /// Elsewhere nothing was done, and this is false.
    /// </summary>
    public static bool KeepsFreedMemory { get; private set; }

    /// <summary>Whether libtorch asks for huge pages: on Linux, where the kernel grants them and the user has not said no.</summary>
    public static bool AsksForHugePages { get; private set; }

    /// <summary>Applies the settings; before libtorch is loaded, since it reads the one about huge pages once.</summary>
    internal static void Apply()
    {
        if (!OperatingSystem.IsLinux())
            return;
        KeepsFreedMemory = Keep();
        // libtorch's allocator (c10/core/impl/alloc_cpu.cpp) asks for them from 2 MB on where this is 1. Not asked for where
        // the kernel has none to give: libtorch would warn at every allocation.
        if (NativeEnvironment.Get(HugePages) is null && Grants(KernelSetting))
            NativeEnvironment.Set(HugePages, "1");
        AsksForHugePages = NativeEnvironment.Get(HugePages) == "1";
    }

    /// <summary>Whether the kernel's setting in a file, such as "always [madvise] never", gives huge pages to who asks.</summary>
    /// <param name="file">A path; a kernel without huge pages has no such file.</param>
    internal static bool Grants(string file)
    {
        try
        {
            var setting = File.ReadAllText(file);
            return setting.Contains("[madvise]", StringComparison.Ordinal) || setting.Contains("[always]", StringComparison.Ordinal);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool Keep()
    {
        if (Array.Exists(userSettings, name => NativeEnvironment.Get(name) is not null)
            || !NativeLibrary.TryLoad("libc.so.6", out var library) || !NativeLibrary.TryGetExport(library, "mallopt", out var address))
            return false;
        var mallopt = (delegate* unmanaged[Cdecl]<int, int, int>)address;
        return mallopt(MmapThreshold, Kept) == 1 && mallopt(TrimThreshold, Kept) == 1;
    }
}
