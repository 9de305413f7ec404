using System.Globalization;
using System.Runtime.InteropServices;

namespace FreezeBench.Results.Machine;

/// <summary>NVIDIA's management library, opened. It sees every GPU of the machine, whatever CUDA was told to hide.</summary>
public sealed class Nvml : IDisposable
{
    private readonly NvmlLibrary library;

    private Nvml(NvmlLibrary library)
    {
        this.library = library;
        DriverVersion = library.SystemDriverVersion is { } driver ? NvmlLibrary.Text((text, length) => driver(text, length)) : Unknown.Text;
        CudaDriverVersion = library.SystemCudaVersion is { } cuda && cuda(out var version) == 0 ? CudaVersion(version) : Unknown.Text;
        Devices = [.. FindDevices()];
    }

    /// <summary>Version of the NVIDIA driver, or "unknown".</summary>
    public string DriverVersion { get; }

    /// <summary>Highest CUDA version that the driver supports, or "unknown".</summary>
    public string CudaDriverVersion { get; }

    /// <summary>The GPUs in NVML's order, which is that of the PCI bus.</summary>
    public IReadOnlyList<NvmlDevice> Devices { get; }

    /// <summary>Opens the library that the NVIDIA driver installs; null where there is none or it does not start.</summary>
    public static Nvml? TryOpen() => TryOpen(OperatingSystem.IsWindows() ? "nvml.dll" : "libnvidia-ml.so.1");

    /// <summary>Opens the library at <paramref name="path"/>, which may be a stand-in.</summary>
    public static Nvml? TryOpen(string path)
    {
        if (!NativeLibrary.TryLoad(path, out var handle))
            return null;
        var library = new NvmlLibrary(handle);
        if (library.Init is { } init && init() == 0)
            return new Nvml(library);
        library.Dispose();
        return null;
    }

    /// <summary>Closes the library; its devices must not be used afterwards.</summary>
    public void Dispose()
    {
        library.Shutdown?.Invoke();
        library.Dispose();
    }

    /// <summary>Memory of a GPU or of a slice of one as it is now; null where the driver does not tell.</summary>
    /// <param name="uuid"><c>GPU-...</c> or <c>MIG-...</c>, in full.</param>
    public DeviceMemory? MemoryOf(string uuid) =>
        library.DeviceByUuid is { } byUuid && library.DeviceMemory is { } memory && byUuid(uuid, out var device) == 0 && memory(device, out var info) == 0
            ? new DeviceMemory((long)info.Total, (long)info.Free)
            : null;

    /// <summary>CUDA's number of a version as text: 12080 is 12.8.</summary>
    internal static string CudaVersion(int number) => string.Create(CultureInfo.InvariantCulture, $"{number / 1000}.{number % 1000 / 10}");

    private IEnumerable<NvmlDevice> FindDevices()
    {
        if (library.DeviceCount is not { } count || library.DeviceByIndex is not { } byIndex || count(out var devices) != 0)
            yield break;
        for (var index = 0; index < devices; index++)
        {
            // A GPU that fell off the bus keeps its place, so that the indices after it stay right.
            var device = byIndex((uint)index, out var found) == 0 ? found : 0;
            yield return new NvmlDevice(library, this, device, index);
        }
    }
}
