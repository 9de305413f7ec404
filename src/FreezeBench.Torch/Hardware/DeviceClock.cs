using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Torch.Hardware;

/// <summary>
/// A monotonic clock that first waits for the device: a reading is a moment at which all work issued so far is done, and
/// done without an error.
/// </summary>
/// <param name="device">A CUDA device, and Apple's GPU, is synchronised at every reading; work on the CPU is done when its call returns.</param>
public sealed class DeviceClock(Device device)
{
    private readonly bool synchronises = device.type == DeviceType.CUDA;

    /// <summary>Waits for the device, checks it for errors, then reads the clock.</summary>
    /// <returns>A timestamp in <see cref="Stopwatch.Frequency"/> ticks.</returns>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">Work issued before has failed on the device.</exception>
    public long Now()
    {
        Synchronise();
        return Stopwatch.GetTimestamp();
    }

    /// <summary>Reads the clock without waiting: for marks inside a measured region that must not be disturbed.</summary>
    public static long HostNow() => Stopwatch.GetTimestamp();

    /// <summary>Time from a reading until now, with a wait for the device before the second reading.</summary>
    public TimeSpan Since(long start) => Stopwatch.GetElapsedTime(start, Now());

    /// <summary>Waits for the device and checks it for errors.</summary>
    public void Synchronise()
    {
        if (device.type == DeviceType.MPS)
            Mps.Synchronise();
        if (!synchronises)
            return;
        cuda.synchronize(device);
        // synchronize itself reports nothing (TorchSharp 0.107): a failed kernel would pass as a very fast one.
        CheckForErrors();
    }
}
