using FreezeBench.Kernels;
using FreezeBench.Results.Machine;
using FreezeBench.Torch.Hardware;
using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.DeviceChecks;

/// <summary>The device that checks are made of.</summary>
/// <param name="Choice">Which.</param>
/// <param name="ComputeCapability">Of a CUDA device; null: unknown.</param>
/// <param name="Memory">Of the device; null: unknown.</param>
/// <param name="Environment">The machine and its software.</param>
public sealed record CheckedDevice(DeviceChoice Choice, (int Major, int Minor)? ComputeCapability, DeviceMemory? Memory, EnvironmentRecord Environment)
{
    /// <summary>Whether it is a GPU.</summary>
    public bool IsCuda => Choice.Type == DeviceType.CUDA;

    internal Device Torch => Choice.ToTorch();

    internal DeviceClock Clock => new(Torch);

    internal MemoryFormat Layout => MemoryFormat.DefaultFor(Choice.Type, KernelSet.Fast);
}
