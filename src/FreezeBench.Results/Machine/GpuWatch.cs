namespace FreezeBench.Results.Machine;

/// <summary>Collects over one case whether the GPU was throttled and how much memory it used at most.</summary>
/// <remarks>Call <see cref="Sample"/> between measured iterations, outside the clock. Few samples do for the memory:
/// libtorch's allocator keeps what it once took from the driver, so the figure after the last step is the peak,
/// unless its cache was emptied on the way.</remarks>
/// <param name="device">The GPU, or null where none is used or it is not certain which: then everything is unknown.</param>
public sealed class GpuWatch(NvmlDevice? device)
{
    /// <summary>Whether any sample was throttled; null where no sample could tell.</summary>
    public bool? Throttled { get; private set; }

    /// <summary>Largest memory use in bytes: this process's if NVML tells it, else the whole GPU's (other programs
    /// included, so an upper bound); null where no sample could tell.</summary>
    public long? PeakMemoryBytes { get; private set; }

    /// <summary>Reads the GPU's state once.</summary>
    /// <returns>The state, everything unknown without a GPU.</returns>
    public GpuState Sample()
    {
        var state = device?.ReadState() ?? new GpuState();
        if (state.IsThrottled is { } throttled)
            Throttled = Throttled == true || throttled;
        if ((state.ProcessMemoryBytes ?? state.UsedMemoryBytes) is { } used)
            PeakMemoryBytes = Math.Max(PeakMemoryBytes ?? 0, used);
        return state;
    }
}
