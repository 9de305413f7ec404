using System.Runtime.InteropServices;

namespace FreezeBench.Results.Machine;

/// <summary>nvmlMemory_t: bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlMemory
{
    internal ulong Total;
    internal ulong Free;
    internal ulong Used;
}

/// <summary>nvmlProcessInfo_v2_t: a process with a compute context on the GPU.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlProcess
{
    internal uint ProcessId;
    internal ulong UsedBytes;
    internal uint GpuInstanceId;
    internal uint ComputeInstanceId;
}
