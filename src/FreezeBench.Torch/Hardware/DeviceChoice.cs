using TorchSharp;

namespace FreezeBench.Torch.Hardware;

/// <summary>The device that a run uses.</summary>
/// <param name="Type">CPU, CUDA or MPS.</param>
/// <param name="Index">Of the CUDA device; 0 for the others.</param>
/// <param name="Reason">Why this one, for the user: "as asked" or "auto: libtorch sees 1 CUDA device".</param>
public sealed record DeviceChoice(DeviceType Type, int Index, string Reason)
{
    /// <summary>"cpu", "mps" or "cuda:0": can be parsed again, and is what a CSV row holds.</summary>
    public string Name => Type switch { DeviceType.CPU => "cpu", DeviceType.MPS => "mps", _ => $"cuda:{Index}" };

    /// <summary>The line for the user, such as "cuda:0 (auto: libtorch sees 1 CUDA device)".</summary>
    public string Description => $"{Name} ({Reason})";

    /// <summary>TorchSharp's own object for it; libtorch must be loaded.</summary>
    public torch.Device ToTorch() => new(Type, Type == DeviceType.CUDA ? Index : -1);
}
