using System.Runtime.InteropServices;
using System.Text;

namespace FreezeBench.Results.Machine;

/// <summary>The functions of NVIDIA's management library, each looked up by name when the library is opened.</summary>
/// <remarks>Not DllImport: a function that an old driver lacks would throw at its call; here it is null, and what it
/// would have told is unknown. Signatures and constants: NVML API reference and nvml.h. On Linux and on 64-bit Windows
/// there is one calling convention, so the delegates need no attribute.</remarks>
internal sealed class NvmlLibrary(nint handle) : IDisposable
{
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

    internal NoArguments? Init { get; } = Find<NoArguments>(handle, "nvmlInit_v2", "nvmlInit");

    internal NoArguments? Shutdown { get; } = Find<NoArguments>(handle, "nvmlShutdown");

    internal SystemText? SystemDriverVersion { get; } = Find<SystemText>(handle, "nvmlSystemGetDriverVersion");

    internal SystemNumber? SystemCudaVersion { get; } = Find<SystemNumber>(handle, "nvmlSystemGetCudaDriverVersion_v2", "nvmlSystemGetCudaDriverVersion");

    internal SystemNumber? DeviceCount { get; } = Find<SystemNumber>(handle, "nvmlDeviceGetCount_v2", "nvmlDeviceGetCount");

    internal HandleByIndex? DeviceByIndex { get; } = Find<HandleByIndex>(handle, "nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetHandleByIndex");

    internal HandleByText? DeviceByUuid { get; } = Find<HandleByText>(handle, "nvmlDeviceGetHandleByUUID");

    internal DevicePciInfo? DevicePci { get; } = Find<DevicePciInfo>(handle, "nvmlDeviceGetPciInfo_v3", "nvmlDeviceGetPciInfo_v2");

    internal DeviceText? DeviceName { get; } = Find<DeviceText>(handle, "nvmlDeviceGetName");

    internal DeviceText? DeviceUuid { get; } = Find<DeviceText>(handle, "nvmlDeviceGetUUID");

    internal DeviceMemoryInfo? DeviceMemory { get; } = Find<DeviceMemoryInfo>(handle, "nvmlDeviceGetMemoryInfo");

    internal DevicePair? DeviceComputeCapability { get; } = Find<DevicePair>(handle, "nvmlDeviceGetCudaComputeCapability");

    internal DevicePair? DeviceMigMode { get; } = Find<DevicePair>(handle, "nvmlDeviceGetMigMode");

    internal DeviceSelected? DeviceMaxClock { get; } = Find<DeviceSelected>(handle, "nvmlDeviceGetMaxClockInfo");

    internal DeviceSelected? DeviceClock { get; } = Find<DeviceSelected>(handle, "nvmlDeviceGetClockInfo");

    internal DeviceSelected? DeviceTemperature { get; } = Find<DeviceSelected>(handle, "nvmlDeviceGetTemperature");

    internal DeviceTemperatureQuestion? DeviceTemperatureInfo { get; } = Find<DeviceTemperatureQuestion>(handle, "nvmlDeviceGetTemperatureV");

    internal DeviceNumber? DevicePower { get; } = Find<DeviceNumber>(handle, "nvmlDeviceGetPowerUsage");

    internal DeviceLong? DeviceEnergy { get; } = Find<DeviceLong>(handle, "nvmlDeviceGetTotalEnergyConsumption");

    // Newer drivers renamed it; both give the same bits.
    internal DeviceLong? DeviceThrottleReasons { get; } = Find<DeviceLong>(handle, "nvmlDeviceGetCurrentClocksEventReasons", "nvmlDeviceGetCurrentClocksThrottleReasons");

    internal ProcessList? DeviceProcesses { get; } = Find<ProcessList>(handle, "nvmlDeviceGetComputeRunningProcesses_v3", "nvmlDeviceGetComputeRunningProcesses_v2");

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

    private static T? Find<T>(nint handle, params string[] names) where T : Delegate
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryGetExport(handle, name, out var address))
                return Marshal.GetDelegateForFunctionPointer<T>(address);
        }
        return null;
    }
}
