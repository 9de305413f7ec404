using System.Runtime.InteropServices;

namespace FreezeBench.Results.Machine;

/// <summary>
/// CUDA's driver library, asked without a context: which GPUs or slices of GPUs CUDA counts in this process, in its own order, and what they
/// are. NVML knows neither that order nor what CUDA was told to hide.
/// </summary>
/// <remarks>
/// A context takes some hundred MB of the GPU, and in exclusive mode the GPU itself from every other process. None of the functions called
/// here makes one: cuInit, the counts, names and attributes, and cuDeviceTotalMem (CUDA Driver API, "Initialization" and "Device
/// Management"). CUDA reads its environment variables in cuInit, once for the process, libtorch's calls with it.
/// </remarks>
public sealed class CudaDriver
{
    private const int ComputeCapabilityMajor = 75;
    private const int ComputeCapabilityMinor = 76;

    private static readonly Lazy<CudaDriver?> ofThisProcess = new(() => TryOpen(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1"));

    private readonly nint library;

    private CudaDriver(nint library)
    {
        this.library = library;
        Version = Find<Number>("cuDriverGetVersion") is { } version && version(out var number) == 0 ? Nvml.CudaVersion(number) : Unknown.Text;
        Devices = [.. FindDevices()];
    }

    /// <summary>The driver of this process, asked once; null where there is none, or no GPU that it can use.</summary>
    public static CudaDriver? OfThisProcess => ofThisProcess.Value;

    /// <summary>Highest CUDA version that the driver supports, for example <c>12.8</c>, or "unknown".</summary>
    public string Version { get; }

    /// <summary>What CUDA calls 0, 1 and so on.</summary>
    public IReadOnlyList<CudaDevice> Devices { get; }

    /// <summary>Opens the library at <paramref name="path"/>, which may be a stand-in; null where there is none or it does not start. It is never closed: others in the process use it.</summary>
    internal static CudaDriver? TryOpen(string path) =>
        NativeLibrary.TryLoad(path, out var handle) && Find<Flags>(handle, "cuInit") is { } init && init(0) == 0 ? new CudaDriver(handle) : null;

    private IEnumerable<CudaDevice> FindDevices()
    {
        if (Find<Number>("cuDeviceGetCount") is not { } count || Find<ByIndex>("cuDeviceGet") is not { } byIndex || count(out var devices) != 0)
            yield break;
        var (name, bus) = (Find<DeviceText>("cuDeviceGetName"), Find<DeviceText>("cuDeviceGetPCIBusId"));
        // The older one gives the GPU's own identifier for each of its slices.
        var (own, whole) = (Find<DeviceBytes>("cuDeviceGetUuid_v2") ?? Find<DeviceBytes>("cuDeviceGetUuid"), Find<DeviceBytes>("cuDeviceGetUuid"));
        var (memory, attribute) = (Find<DeviceSize>("cuDeviceTotalMem_v2"), Find<Attribute>("cuDeviceGetAttribute"));
        for (var index = 0; index < devices; index++)
        {
            if (byIndex(out var device, index) != 0)
            {
                // It keeps its place, so that the indices after it stay right.
                yield return new CudaDevice();
                continue;
            }
            yield return new CudaDevice
            {
                Name = name is null ? Unknown.Text : NvmlLibrary.Text((text, length) => name(text, (int)length, device)),
                PciBusId = bus is null ? null : PciPlace.Parse(NvmlLibrary.Text((text, length) => bus(text, (int)length, device))),
                Uuid = Identifier(own, device),
                GpuUuid = Identifier(whole, device),
                MemoryBytes = memory is not null && memory(out var bytes, device) == 0 ? (long)bytes : null,
                ComputeCapability = attribute is not null && attribute(out var major, ComputeCapabilityMajor, device) == 0 && attribute(out var minor, ComputeCapabilityMinor, device) == 0
                    ? (major, minor)
                    : null,
            };
        }
    }

    private static Guid? Identifier(DeviceBytes? function, int device)
    {
        var bytes = new byte[16];
        return function is not null && function(bytes, device) == 0 ? new Guid(bytes, bigEndian: true) : null;
    }

    private T? Find<T>(string name) where T : Delegate => Find<T>(library, name);

    private static T? Find<T>(nint library, string name) where T : Delegate =>
        NativeLibrary.TryGetExport(library, name, out var address) ? Marshal.GetDelegateForFunctionPointer<T>(address) : null;

    private delegate int Flags(uint flags);

    private delegate int Number(out int number);

    private delegate int ByIndex(out int device, int index);

    private delegate int DeviceText([Out] byte[] text, int length, int device);

    private delegate int DeviceBytes([Out] byte[] bytes, int device);

    private delegate int DeviceSize(out nuint bytes, int device);

    private delegate int Attribute(out int value, int attribute, int device);
}
