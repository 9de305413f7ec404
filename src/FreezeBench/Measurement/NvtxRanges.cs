using System.Runtime.InteropServices;
using FreezeBench.Training;

namespace FreezeBench.Measurement;

/// <summary>
/// The phases of a step as NVTX ranges, which a profiler of NVIDIA's shows above the kernels: <c>step</c> around all of them, and in it each phase
/// by its name. Times are not changed by waits: a range is what the host issues meanwhile.
/// </summary>
/// <remarks>By <c>nvtxRangePushA</c> and <c>nvtxRangePop</c> of libnvToolsExt, which the CUDA toolkit and the profilers bring (NVTX reference, "Push/Pop ranges").</remarks>
public sealed unsafe class NvtxRanges : IPhaseObserver
{
    // Set by Nsight's tools for what they start; without it libnvToolsExt does nothing.
    private const string AttachedVariable = "NVTX_INJECTION64_PATH";

    private static readonly byte[] step = "step\0"u8.ToArray();

    private readonly delegate* unmanaged[Cdecl]<byte*, int> push;
    private readonly delegate* unmanaged[Cdecl]<int> pop;
    private readonly byte[][] names = [.. StepPhases.All.Select(phase => System.Text.Encoding.ASCII.GetBytes(phase.Name() + "\0"))];

    private NvtxRanges(nint push, nint pop)
    {
        this.push = (delegate* unmanaged[Cdecl]<byte*, int>)push;
        this.pop = (delegate* unmanaged[Cdecl]<int>)pop;
    }

    /// <summary>The ranges; null where no profiler is attached to this process, or the library is not there.</summary>
    public static NvtxRanges? OfAttachedProfiler() => OfAttachedProfiler(
        Environment.GetEnvironmentVariable, OperatingSystem.IsWindows() ? "nvToolsExt64_1.dll" : "libnvToolsExt.so.1");

    /// <param name="variable">The process's environment.</param>
    /// <param name="library">Name or path of the library.</param>
    internal static NvtxRanges? OfAttachedProfiler(Func<string, string?> variable, string library) =>
        variable(AttachedVariable) is { Length: > 0 } && NativeLibrary.TryLoad(library, out var handle)
        && NativeLibrary.TryGetExport(handle, "nvtxRangePushA", out var push) && NativeLibrary.TryGetExport(handle, "nvtxRangePop", out var pop)
            ? new(push, pop)
            : null;

    /// <inheritdoc/>
    public void StepBegins()
    {
        Push(step);
        Push(names[0]);
    }

    /// <inheritdoc/>
    public void PhaseEnds(StepPhase phase)
    {
        pop();
        if ((int)phase + 1 < names.Length)
            Push(names[(int)phase + 1]);
        else
            pop();
    }

    private void Push(byte[] name)
    {
        fixed (byte* text = name)
            push(text);
    }
}
