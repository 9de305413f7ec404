using System.Runtime.InteropServices;
using System.Text;

namespace FreezeBench.Results.Machine;

/// <summary>The functions of NVIDIA's management library, each looked up by name when the library is opened.</summary>
/// <remarks>Not DllImport: a function that an old driver lacks would throw at its call; here it is null, and what it
/// would have told is unknown. Signatures and constants: NVML API reference and nvml.h. On Linux and on 64-bit Windows
/// there is one calling convention, so the delegates need no attribute.</remarks>
internal sealed class NvmlLibrary : IDisposable
{
    private readonly nint handle;

    internal NvmlLibrary(nint handle)
    {
        this.handle = handle;
        Init = Find<NoArguments>("nvmlInit_v2", "nvmlInit");
        Shutdown = Find<NoArguments>("nvmlShutdown");
        SystemDriverVersion = Find<SystemText>("nvmlSystemGetDriverVersion");
        SystemCudaVersion = Find<SystemNumber>("nvmlSystemGetCudaDriverVersion_v2", "nvmlSystemGetCudaDriverVersion");
        DeviceCount = Find<SystemNumber>("nvmlDeviceGetCount_v2", "nvmlDeviceGetCount");
        DeviceByIndex = Find<HandleByIndex>("nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetHandleByIndex");
        DeviceByUuid = Find<HandleByText>("nvmlDeviceGetHandleByUUID");
        DevicePci = Find<DevicePciInfo>("nvmlDeviceGetPciInfo_v3", "nvmlDeviceGetPciInfo_v2");
        DeviceName = Find<DeviceText>("nvmlDeviceGetName");
        DeviceUuid = Find<DeviceText>("nvmlDeviceGetUUID");
        DeviceMemory = Find<DeviceMemoryInfo>("nvmlDeviceGetMemoryInfo");
        DeviceComputeCapability = Find<DevicePair>("nvmlDeviceGetCudaComputeCapability");
        DeviceMigMode = Find<DevicePair>("nvmlDeviceGetMigMode");
        DeviceMaxClock = Find<DeviceSelected>("nvmlDeviceGetMaxClockInfo");
        DeviceClock = Find<DeviceSelected>("nvmlDeviceGetClockInfo");
        DeviceTemperature = Find<DeviceSelected>("nvmlDeviceGetTemperature");
        DeviceTemperatureInfo = Find<DeviceTemperatureQuestion>("nvmlDeviceGetTemperatureV");
        DevicePower = Find<DeviceNumber>("nvmlDeviceGetPowerUsage");
        DeviceEnergy = Find<DeviceLong>("nvmlDeviceGetTotalEnergyConsumption");
        // Newer drivers renamed it; both give the same bits.
        DeviceThrottleReasons = Find<DeviceLong>("nvmlDeviceGetCurrentClocksEventReasons", "nvmlDeviceGetCurrentClocksThrottleReasons");
        DeviceProcesses = Find<ProcessList>("nvmlDeviceGetComputeRunningProcesses_v3", "nvmlDeviceGetComputeRunningProcesses_v2");
    }

    internal delegate int NoArguments();

    internal delegate int SystemText(byte[] text, uint length);

    internal delegate int SystemNumber(out int number);

    internal delegate int HandleByIndex(uint index, out nint device);

    internal delegate int HandleByText([MarshalAs(UnmanagedType.LPUTF8Str)] string text, out nint device);

    internal delegate int DevicePciInfo(nint device, out NvmlPci info);

    internal delegate int DeviceText(nint device, byte[] text, uint length);

    internal delegate int DeviceNumber(nint device, out uint number);

    internal delegate int DeviceLong(nint device, out ulong number);

    internal delegate int DevicePair(nint device, out int first, out int second);

    internal delegate int DeviceSelected(nint device, uint which, out uint number);

    internal delegate int DeviceMemoryInfo(nint device, out NvmlMemory memory);

    internal delegate int DeviceTemperatureQuestion(nint device, ref NvmlTemperature temperature);

    internal delegate int ProcessList(nint device, ref uint count, [In, Out] NvmlProcess[] processes);

    internal NoArguments? Init { get; }

    internal NoArguments? Shutdown { get; }

    internal SystemText? SystemDriverVersion { get; }

    internal SystemNumber? SystemCudaVersion { get; }

    internal SystemNumber? DeviceCount { get; }

    internal HandleByIndex? DeviceByIndex { get; }

    internal HandleByText? DeviceByUuid { get; }

    internal DevicePciInfo? DevicePci { get; }

    internal DeviceText? DeviceName { get; }

    internal DeviceText? DeviceUuid { get; }

    internal DeviceMemoryInfo? DeviceMemory { get; }

    internal DevicePair? DeviceComputeCapability { get; }

    internal DevicePair? DeviceMigMode { get; }

    internal DeviceSelected? DeviceMaxClock { get; }

    internal DeviceSelected? DeviceClock { get; }

    internal DeviceSelected? DeviceTemperature { get; }

    internal DeviceTemperatureQuestion? DeviceTemperatureInfo { get; }

    internal DeviceNumber? DevicePower { get; }

    internal DeviceLong? DeviceEnergy { get; }

    internal DeviceLong? DeviceThrottleReasons { get; }

    internal ProcessList? DeviceProcesses { get; }

    /// <summary>The text that <paramref name="fill"/> writes; a name of the full 96 bytes may lack its terminator.</summary>
    internal static string Text(Func<byte[], uint, int> fill)
    {
        var buffer = new byte[96];
        if (fill(buffer, (uint)buffer.Length) != 0)
            return Unknown.Text;
        var end = Array.IndexOf(buffer, (byte)0);
        return CpuName.Tidy(Encoding.UTF8.GetString(buffer, 0, end < 0 ? buffer.Length : end));
    }

    public void Dispose() => NativeLibrary.Free(handle);

    private T? Find<T>(params string[] names) where T : Delegate
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryGetExport(handle, name, out var address))
                return Marshal.GetDelegateForFunctionPointer<T>(address);
        }
        return null;
    }
}
