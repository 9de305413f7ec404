using System.Runtime.InteropServices;
using FreezeBench.Training;

namespace FreezeBench.Measurement;

/// <summary>
/// The phases of a step as NVTX ranges, which a profiler of NVIDIA's shows above the kernels: <c>step</c> around all of them, and in it each phase
/// by its name. Times are not changed by waits: a range is what the host issues meanwhile.
/// </summary>
/// <remarks>
/// By <c>nvtxRangePushA</c> and <c>nvtxRangePop</c> (NVTX reference, "Push/Pop ranges") of libnvtx3interop, which CUDA 12.9 and 13 bring, also beside the libraries of a PyTorch that pip
/// installed, or of libnvToolsExt, which older ones bring.
/// </remarks>
public sealed unsafe class NvtxRanges : IPhaseObserver
{
    // Set by Nsight's tools for what they start; without it the libraries do nothing.
    private const string AttachedVariable = "NVTX_INJECTION64_PATH";

    private static readonly string[] names = OperatingSystem.IsWindows() ? ["nvtx3interop.dll", "nvToolsExt64_1.dll"] : ["libnvtx3interop.so.1", "libnvToolsExt.so.1"];

    private static readonly byte[] step = "step\0"u8.ToArray();

    private readonly delegate* unmanaged[Cdecl]<byte*, int> push;
    private readonly delegate* unmanaged[Cdecl]<int> pop;
    private readonly byte[][] phases = [.. StepPhases.All.Select(phase => System.Text.Encoding.ASCII.GetBytes(phase.Name() + "\0"))];

    private NvtxRanges(nint push, nint pop)
    {
        this.push = (delegate* unmanaged[Cdecl]<byte*, int>)push;
        this.pop = (delegate* unmanaged[Cdecl]<int>)pop;
    }

    /// <summary>The ranges; null where no profiler is attached to this process, or no library is there.</summary>
    public static NvtxRanges? OfAttachedProfiler() => OfAttachedProfiler(Environment.GetEnvironmentVariable, () => Libraries(EventPhases.LoadedRuntime()));

    /// <param name="variable">The process's environment.</param>
    /// <param name="libraries">Names or paths of libraries; the first that has the functions counts.</param>
    internal static NvtxRanges? OfAttachedProfiler(Func<string, string?> variable, Func<IEnumerable<string>> libraries) =>
        variable(AttachedVariable) is { Length: > 0 } ? libraries().Select(Open).FirstOrDefault(ranges => ranges is not null) : null;

    /// <summary>Where the libraries may be.</summary>
    /// <param name="runtime">Path of the CUDA runtime of this process, beside which pip has them, of CUDA 12 in a package of their own; null: unknown.</param>
    internal static IEnumerable<string> Libraries(string? runtime)
    {
        string[] folders = Path.GetDirectoryName(runtime) is { Length: > 0 } own ? [own, Path.GetFullPath(Path.Combine(own, "..", "..", "nvtx", "lib"))] : [];
        return names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name)).Prepend(name));
    }

    private static NvtxRanges? Open(string library) =>
        NativeLibrary.TryLoad(library, out var handle) && NativeLibrary.TryGetExport(handle, "nvtxRangePushA", out var push) && NativeLibrary.TryGetExport(handle, "nvtxRangePop", out var pop)
            ? new(push, pop)
            : null;

    /// <inheritdoc/>
    public void StepBegins()
    {
        Push(step);
        Push(phases[0]);
    }

    /// <inheritdoc/>
    public void PhaseEnds(StepPhase phase)
    {
        pop();
        if ((int)phase + 1 < phases.Length)
            Push(phases[(int)phase + 1]);
        else
            pop();
    }

    private void Push(byte[] name)
    {
        fixed (byte* text = name)
            push(text);
    }
}
