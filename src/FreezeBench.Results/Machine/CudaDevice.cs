namespace FreezeBench.Results.Machine;

/// <summary>What CUDA calls <c>cuda:N</c>: a GPU, or a slice of one (MIG). What a driver does not tell is unknown.</summary>
public sealed record CudaDevice
{
    /// <summary>Product name; a slice's has its kind in it, such as <c>NVIDIA H100 80GB HBM3 MIG 1g.10gb</c>.</summary>
    public string Name { get; init; } = Unknown.Text;

    /// <summary>Where the GPU is; null is unknown.</summary>
    public PciPlace? PciBusId { get; init; }

    /// <summary>Of the GPU, or of the slice; null is unknown.</summary>
    public Guid? Uuid { get; init; }

    /// <summary>Of the GPU, also for a slice; null is unknown.</summary>
    public Guid? GpuUuid { get; init; }

    /// <summary>Of the GPU, or of the slice, in bytes; null is unknown.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>CUDA compute capability; null is unknown.</summary>
    public (int Major, int Minor)? ComputeCapability { get; init; }

    /// <summary>Whether it is a slice by its identifiers.</summary>
    public bool IsSlice => Uuid is { } own && GpuUuid is { } whole && own != whole;

    /// <summary>The identifier as NVML takes it; null is unknown.</summary>
    /// <param name="slice">Whether it is a slice, by whoever knows.</param>
    public string? NvmlUuid(bool slice) => Uuid is { } own ? $"{(slice ? "MIG" : "GPU")}-{own:D}" : null;
}
