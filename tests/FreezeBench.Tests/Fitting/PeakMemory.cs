using System.Globalization;
using System.Runtime.InteropServices;
using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Tests.Fitting;

/// <summary>Peak resident memory of this process while something runs; Linux keeps it, and sets it back when asked.</summary>
internal static class PeakMemory
{
    private const string Reset = "/proc/self/clear_refs";
    private const int MmapThreshold = -3;           // M_MMAP_THRESHOLD of glibc's malloc.h
    private const int MmapThresholdOfRuns = 1 << 30;    // HeapSettings

    /// <summary>Skips the test where it cannot be measured.</summary>
    internal static void SkipWhereUnknown()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lets a process set its peak memory back.");
        Assert.SkipUnless(Symbol("mallopt") is not null, "Only glibc can be told to give freed memory back at once.");
        Assert.SkipUnless(TryReset(), $"{Reset} cannot be written here.");
    }

    /// <summary>The largest resident size from the beginning of the work to its end, in bytes.</summary>
    /// <param name="prepare">Makes what is there already when the work begins, and stays to its end.</param>
    /// <param name="work">What is measured.</param>
    internal static long Of<T>(Func<T> prepare, Action<T> work) where T : IDisposable
    {
        // Every tensor in pages of its own, which go back when it is freed: what is resident is then what is alive. As glibc comes,
        // freed tensors stay resident between those in use.
        Call("mallopt", MmapThreshold, 1 << 16);
        try
        {
            using var prepared = prepare();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Call("malloc_trim", 0, 0);
            Assert.True(TryReset());
            work(prepared);
            return HostMemory.PeakBytes()!.Value;
        }
        finally
        {
            Call("mallopt", MmapThreshold, MmapThresholdOfRuns);
        }
    }

    private static bool TryReset()
    {
        try
        {
            // 5: the peak becomes what is resident now (proc(5)).
            File.WriteAllText(Reset, 5.ToString(CultureInfo.InvariantCulture));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static nint? Symbol(string name) =>
        NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, name, out var address) ? address : null;

    private static void Call(string name, int first, int second) => Marshal.GetDelegateForFunctionPointer<TwoNumbers>(Symbol(name)!.Value)(first, second);

    // malloc_trim takes one number, wider: the second does no harm in C's calling convention.
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int TwoNumbers(nint first, nint second);
}
