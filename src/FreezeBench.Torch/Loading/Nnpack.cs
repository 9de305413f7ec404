using System.Runtime.InteropServices;

namespace FreezeBench.Torch.Loading;

/// <summary>NNPACK, by which libtorch computes some convolutions on the CPU: switched off on a machine where it cannot be used.</summary>
/// <remarks>
/// There libtorch finds that out anew at every convolution that it could take NNPACK for, and writes a line to the standard error each time ("Could not
/// initialize NNPACK! Reason: Unsupported hardware."): a quick run of the benchmarks had some 3,000 of them on a Zen 5 CPU whose hypervisor hides its
/// caches. Convolutions are computed as before, without NNPACK. Where it can be used, nothing changes.
/// </remarks>
internal static unsafe class Nnpack
{
    private const string Available = "_ZN2at4_ops17_nnpack_available4callEv";
    private const string Enable = "_ZN2at7Context20setUserEnabledNNPACKEb";
    private const string GlobalContext = "_ZN2at13globalContextEv";

    // Of libc10: the least severe messages that it writes, an int32.
    private const string LogLevel = "FLAGS_caffe2_log_level";
    private const int Error = 2;

    /// <summary>Switches it off where it cannot be used. A libtorch that does not export what is called here keeps its messages.</summary>
    /// <param name="libtorchCpu">Path of libtorch_cpu, which is loaded.</param>
    /// <param name="c10">Path of libc10, which is loaded.</param>
    /// <returns>Whether it can be used; null: it cannot be asked for.</returns>
    internal static bool? SwitchOffWhereUseless(string libtorchCpu, string c10)
    {
        if (!NativeLibrary.TryLoad(libtorchCpu, out var cpu) || !NativeLibrary.TryLoad(c10, out var core)
            || !NativeLibrary.TryGetExport(cpu, Available, out var available) || !NativeLibrary.TryGetExport(cpu, Enable, out var enable)
            || !NativeLibrary.TryGetExport(cpu, GlobalContext, out var context) || !NativeLibrary.TryGetExport(core, LogLevel, out var level))
            return null;

        // The question itself writes the line too.
        var before = *(int*)level;
        *(int*)level = Math.Max(before, Error);
        var usable = ((delegate* unmanaged[Cdecl]<byte>)available)() != 0;
        *(int*)level = before;
        if (!usable)
            ((delegate* unmanaged[Cdecl]<nint, byte, void>)enable)(((delegate* unmanaged[Cdecl]<nint>)context)(), 0);
        return usable;
    }
}
