namespace FreezeBench.Results.Machine;

/// <summary>The GPU as NVML describes it. Without NVML, or where it is not certain which GPU is meant, all is unknown.</summary>
public sealed record GpuFacts
{
    /// <summary>No fact is known.</summary>
    public static GpuFacts None { get; } = new();

    /// <summary>Product name, for example <c>NVIDIA H100 80GB HBM3</c>; ends in <c>(MIG slice)</c> where the GPU is
    /// divided, since a slice is not the GPU; CUDA's name of a slice has its kind in it.</summary>
    public string Name { get; init; } = Unknown.Text;

    /// <summary>Memory in bytes of the GPU, or of the slice where CUDA tells it; null is unknown.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Version of the NVIDIA driver.</summary>
    public string DriverVersion { get; init; } = Unknown.Text;

    /// <summary>Highest CUDA version that the driver supports (not the one libtorch was built with), for example <c>12.8</c>.</summary>
    public string CudaDriverVersion { get; init; } = Unknown.Text;

    /// <summary>CUDA compute capability, for example <c>9.0</c>.</summary>
    public string ComputeCapability { get; init; } = Unknown.Text;

    /// <summary>Highest clock of the multiprocessors in MHz; null is unknown.</summary>
    public int? MaxSmClockMhz { get; init; }

    /// <summary>Highest clock of the memory in MHz; null is unknown.</summary>
    public int? MaxMemoryClockMhz { get; init; }
}
