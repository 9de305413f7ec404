using System.Runtime.InteropServices;
using FreezeBench.Training;

namespace FreezeBench.Measurement;

/// <summary>
/// Times each phase of a step on the GPU itself, by events in its stream: nobody waits inside the step, whose phases go on overlapping with the host's
/// work (<see cref="PhaseRecorder"/> waits at every boundary).
/// </summary>
/// <remarks>
/// TorchSharp has no events and TorchScript's are objects that it cannot hand over, so the CUDA runtime's own functions are called, of the
/// library that libtorch has loaded. libtorch's work is in the legacy default stream, since nobody asks TorchSharp for another. Never run on a GPU.
/// </remarks>
public sealed unsafe class EventPhases : IPhaseObserver, IDisposable
{
    private const nint DefaultStream = 0;

    private readonly delegate* unmanaged[Cdecl]<nint, nint, int> record;
    private readonly delegate* unmanaged[Cdecl]<nint, int> synchronise;
    private readonly delegate* unmanaged[Cdecl]<float*, nint, nint, int> elapsed;
    private readonly delegate* unmanaged[Cdecl]<nint, int> destroy;
    private readonly nint[] events = new nint[StepPhases.All.Count + 1];

    private EventPhases(nint library)
    {
        nint Find(string name) => NativeLibrary.GetExport(library, name);
        record = (delegate* unmanaged[Cdecl]<nint, nint, int>)Find("cudaEventRecord");
        synchronise = (delegate* unmanaged[Cdecl]<nint, int>)Find("cudaEventSynchronize");
        elapsed = (delegate* unmanaged[Cdecl]<float*, nint, nint, int>)Find("cudaEventElapsedTime");
        destroy = (delegate* unmanaged[Cdecl]<nint, int>)Find("cudaEventDestroy");
        var create = (delegate* unmanaged[Cdecl]<nint*, int>)Find("cudaEventCreate");
        for (var index = 0; index < events.Length; index++)
        {
            nint made;
            Check(create(&made), "cudaEventCreate");
            events[index] = made;
        }
    }

    /// <summary>The recorder; null where there is no such library, or it has not the functions.</summary>
    /// <param name="runtime">Path of the CUDA runtime (libcudart) that libtorch uses.</param>
    /// <exception cref="InvalidOperationException">The runtime refuses to make an event.</exception>
    public static EventPhases? TryOpen(string runtime) =>
        NativeLibrary.TryLoad(runtime, out var library) && NativeLibrary.TryGetExport(library, "cudaEventElapsedTime", out _) ? new(library) : null;

    /// <summary>The CUDA runtime beside libtorch; null: there is none, as in a build for the CPU.</summary>
    /// <param name="folder">Where the program's libtorch lies.</param>
    public static string? RuntimeIn(string folder) =>
        Directory.EnumerateFiles(folder, OperatingSystem.IsWindows() ? "cudart64_*.dll" : "libcudart*.so*").Order(StringComparer.Ordinal).FirstOrDefault();

    /// <inheritdoc/>
    public void StepBegins() => Check(record(events[0], DefaultStream), "cudaEventRecord");

    /// <inheritdoc/>
    public void PhaseEnds(StepPhase phase) => Check(record(events[(int)phase + 1], DefaultStream), "cudaEventRecord");

    /// <summary>Milliseconds of every phase of the step that ended last, by <see cref="StepPhases.All"/>; waits for its end.</summary>
    /// <exception cref="InvalidOperationException">The runtime does not tell.</exception>
    public IReadOnlyList<double> Read()
    {
        Check(synchronise(events[^1]), "cudaEventSynchronize");
        var times = new double[events.Length - 1];
        for (var index = 0; index < times.Length; index++)
        {
            float milliseconds;
            Check(elapsed(&milliseconds, events[index], events[index + 1]), "cudaEventElapsedTime");
            times[index] = milliseconds;
        }
        return times;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var made in events)
            destroy(made);
    }

    private static void Check(int error, string function)
    {
        if (error != 0)
            throw new InvalidOperationException($"{function} of the CUDA runtime has failed with error {error}.");
    }
}
