using FreezeBench.DeviceChecks;
using FreezeBench.Measurement;
using FreezeBench.Results.Machine;
using FreezeBench.Torch.Hardware;
using TorchSharp;

namespace FreezeBench.Tests.DeviceChecks;

/// <summary>The CPU of this machine as what is checked.</summary>
internal static class ThisCpu
{
    internal static CheckedDevice Device { get; } = Create();

    private static CheckedDevice Create()
    {
        var choice = new DeviceChoice(DeviceType.CPU, 0, "as asked");
        return new(choice, ComputeCapability: null, DeviceMemory.OfHost(), EnvironmentProbe.Capture(TorchEnvironment.Read(choice), nvml: null));
    }
}
