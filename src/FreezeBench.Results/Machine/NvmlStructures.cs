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

/// <summary>nvmlPciInfo_t. In the second version of its function the first text is the only one, and the numbers lie at the same place; other texts and numbers are around them.</summary>
[StructLayout(LayoutKind.Explicit, Size = 68)]
internal struct NvmlPci
{
    [FieldOffset(16)]
    internal uint Domain;
    [FieldOffset(20)]
    internal uint Bus;
    [FieldOffset(24)]
    internal uint Device;
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

/// <summary>nvmlTemperature_v1_t: asked by its version and sensor.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlTemperature
{
    internal uint Version;
    internal int Sensor;
    internal int Celsius;

    /// <summary>The question for the GPU's own sensor. A version is the structure's size and its number in the highest byte.</summary>
    internal static NvmlTemperature OfGpu => new() { Version = (uint)Marshal.SizeOf<NvmlTemperature>() | (1U << 24) };
}
