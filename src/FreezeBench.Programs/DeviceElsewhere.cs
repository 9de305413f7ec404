using System.CommandLine;
using FreezeBench.Results.Machine;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Torch.Hardware;

namespace FreezeBench.Programs;

/// <summary>The device of a command line that is meant for another machine, as far as it is known here.</summary>
public static class DeviceElsewhere
{
    /// <summary>Checks what such a device could not do, whatever machine it is in.</summary>
    /// <param name="options">The definitions.</param>
    /// <param name="parsed">A command line without errors.</param>
    /// <param name="computeCapability">Of the GPU; null: unknown.</param>
    /// <returns>Null: which it is, only that machine knows.</returns>
    /// <exception cref="FreezeBench.Torch.RefusedException">The GPU is too old, or the device has no such precision.</exception>
    public static DeviceChoice? Check(RunOptions options, ParseResult parsed, (int Major, int Minor)? computeCapability)
    {
        var name = parsed.GetValue(options.Device) ?? Devices.Default;
        var isGpu = TorchFacts.IsGpu(name);
        if (name != "cpu" && (!isGpu || computeCapability is null))
            return null;
        // As if it were here, and any number of it.
        var device = Devices.Parse(name, new CudaFacts(Built: isGpu, Available: isGpu, int.MaxValue, _ => computeCapability));
        if (parsed.GetValue(options.Precision) is { } precision)
            PrecisionSwitch.RefuseElsewhere(precision, device, computeCapability);
        return device;
    }
}
