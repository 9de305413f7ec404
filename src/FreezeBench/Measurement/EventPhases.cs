using System.Runtime.InteropServices;
using FreezeBench.Results.Statistics;
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

    // So many steps are under way when one is timed, that the GPU is as far behind the host as it gets in a training.
    private const int StepsAhead = 3, Rounds = 7;

    private readonly delegate* unmanaged[Cdecl]<nint, nint, int> record;
    private readonly delegate* unmanaged[Cdecl]<nint, int> synchronise;
    private readonly delegate* unmanaged[Cdecl]<float*, nint, nint, int> elapsed;
    private readonly delegate* unmanaged[Cdecl]<nint, int> destroy;
    private readonly delegate* unmanaged[Cdecl]<int> lastError;
    private readonly nint[] events = new nint[StepPhases.All.Count + 1];

    private EventPhases(nint library, nint elapsed, int device)
    {
        nint Find(string name) => NativeLibrary.GetExport(library, name);
        record = (delegate* unmanaged[Cdecl]<nint, nint, int>)Find("cudaEventRecord");
        synchronise = (delegate* unmanaged[Cdecl]<nint, int>)Find("cudaEventSynchronize");
        this.elapsed = (delegate* unmanaged[Cdecl]<float*, nint, nint, int>)elapsed;
        destroy = (delegate* unmanaged[Cdecl]<nint, int>)Find("cudaEventDestroy");
        lastError = (delegate* unmanaged[Cdecl]<int>)Find("cudaGetLastError");
        // Events and streams are the current device's, which is the first one for whoever named no other.
        Check(((delegate* unmanaged[Cdecl]<int, int>)Find("cudaSetDevice"))(device), "cudaSetDevice");
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
    /// <param name="device">The GPU's index, as libtorch counts them.</param>
    /// <exception cref="InvalidOperationException">The runtime refuses to make an event.</exception>
    public static EventPhases? TryOpen(string runtime, int device) =>
        NativeLibrary.TryLoad(runtime, out var library) && Elapsed(library) is { } elapsed ? new(library, elapsed, device) : null;

    // CUDA 12.8 brought the second name, with the same arguments; its headers call it by the first, which a runtime need not export for ever.
    private static nint? Elapsed(nint library) =>
        NativeLibrary.TryGetExport(library, "cudaEventElapsedTime", out var elapsed) || NativeLibrary.TryGetExport(library, "cudaEventElapsedTime_v2", out elapsed) ? elapsed : null;

    /// <summary>The CUDA runtime that this process has loaded with libtorch, wherever that lies; null: there is none, as in a build for the CPU.</summary>
    public static string? LoadedRuntime()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return RuntimeAmong(process.Modules.Cast<System.Diagnostics.ProcessModule>().Select(module => module.FileName));
    }

    /// <param name="libraries">Paths.</param>
    internal static string? RuntimeAmong(IEnumerable<string> libraries) => libraries.FirstOrDefault(path =>
        Path.GetFileName(path) is var name && (name.StartsWith("libcudart", StringComparison.Ordinal) || name.StartsWith("cudart64_", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Milliseconds of every phase by <see cref="StepPhases.All"/>: medians of seven steps, each with three undisturbed ones before it and a wait behind it; of fewer
    /// where they take three seconds.</summary>
    /// <param name="step">Issues a step.</param>
    /// <param name="time">The host's clock.</param>
    /// <exception cref="InvalidOperationException">The runtime does not tell.</exception>
    public IReadOnlyList<double> Measure(Action<IPhaseObserver> step, TimeProvider time)
    {
        var rounds = new List<IReadOnlyList<double>>();
        var begin = time.GetTimestamp();
        while (rounds.Count == 0 || rounds.Count < Rounds && time.GetElapsedTime(begin) < StepTrial.Enough)
        {
            for (var ahead = 0; ahead < StepsAhead; ahead++)
                step(NoObserver.Instance);
            step(this);
            rounds.Add(Read());
        }
        return [.. StepPhases.All.Select(phase => SampleSummary.Of([.. rounds.Select(times => times[(int)phase])]).Median)];
    }

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

    private void Check(int error, string function)
    {
        if (error == 0)
            return;
        // The runtime keeps it for whoever asks next, which would be libtorch: it would take it for a failure of its own kernels.
        lastError();
        throw new InvalidOperationException($"{function} of the CUDA runtime has failed with error {error}.");
    }
}
