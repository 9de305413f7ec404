using System.Globalization;
using FreezeBench.Torch.Loading;
using TorchSharp;

namespace FreezeBench.Torch.Hardware;

/// <summary>Turns the name of a device into a choice that works here, or into a message. It never falls back silently.</summary>
public static class Devices
{
    /// <summary>For help texts and messages.</summary>
    public const string ValidNames = "auto, cpu, cuda, cuda:N, mps";

    /// <summary>What is chosen when nobody names a device.</summary>
    public const string Default = "auto";

    /// <summary>Volta. The kernels of libtorch 2.10 for CUDA 12.8 start there: older GPUs fail at the first operation.</summary>
    public static (int Major, int Minor) OldestComputeCapability => (7, 0);

    /// <summary>Whether a name has one of the valid forms; whether its device can be used here is another question.</summary>
    public static bool IsValidName(string name) => name is "cpu" or "auto" or "cuda" or "mps" || Index(name) is not null;

    /// <summary>Chooses with the facts of this machine; see the other overload.</summary>
    /// <param name="name">One of <see cref="ValidNames"/>.</param>
    /// <param name="computeCapability">Of a device by index, from the driver; null: unknown.</param>
    /// <exception cref="RefusedException">The name is unknown, or its device cannot be used here.</exception>
    public static DeviceChoice Parse(string name, Func<int, (int Major, int Minor)?>? computeCapability = null)
    {
        TorchLibrary.Load();
        var choice = Parse(name, CudaFacts.OfThisMachine(computeCapability));
        if (choice.Type == DeviceType.CPU)
            TorchLibrary.RequireSoundConvolutions();
        return choice;
    }

    /// <summary>
    /// "cpu"; "cuda" (the same as "cuda:0"); "cuda:N"; "mps", an Apple GPU; or "auto": the first CUDA device that can be used, else the CPU.
    /// </summary>
    /// <exception cref="RefusedException">The name is unknown, or its device cannot be used here.</exception>
    public static DeviceChoice Parse(string name, CudaFacts facts) => name switch
    {
        "cpu" => new(DeviceType.CPU, 0, "as asked"),
        "auto" => Auto(facts),
        "cuda" => Cuda(name, 0, facts),
        "mps" => facts.MpsAvailable() ? new(DeviceType.MPS, 0, "as asked") : throw Refused(name, "libtorch sees no Apple GPU: it is for macOS 14 or newer on Apple silicon. Pass ‹the device› cpu or auto."),
        _ when Index(name) is { } index => Cuda(name, index, facts),
        _ => throw new RefusedException(Unknown(name)),
    };

    /// <summary>The message about a name that is none.</summary>
    public static string Unknown(string name) => $"Unknown device '{name}'. Valid values: {ValidNames} (N: index of the GPU, from 0; mps: an Apple GPU).";

    private static int? Index(string name) =>
        name.StartsWith("cuda:", StringComparison.Ordinal)
        && int.TryParse(name.AsSpan("cuda:".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : null;

    private static DeviceChoice Auto(CudaFacts facts)
    {
        if (WhyNoCuda(facts) is { } reason)
            return new(DeviceType.CPU, 0, $"auto: {reason}");
        for (var index = 0; index < facts.Count; index++)
            if (WhyTooOld(index, facts) is null)
                return new(DeviceType.CUDA, index, $"auto: libtorch sees {Counted(facts.Count)}");
        return new(DeviceType.CPU, 0, $"auto: {WhyTooOld(0, facts)}");
    }

    private static DeviceChoice Cuda(string name, int index, CudaFacts facts)
    {
        if (WhyNoCuda(facts) is { } reason)
            throw Refused(name, $"{reason}. {NextStep(facts)}");
        if (index >= facts.Count)
        {
            var seen = string.Join(", ", Enumerable.Range(0, facts.Count).Select(device => $"cuda:{device}"));
            throw Refused(name, $"libtorch sees {Counted(facts.Count)}: {seen}. Pass one of these.");
        }
        if (WhyTooOld(index, facts) is { } old)
            throw Refused(name, $"{old}. Pass a newer GPU or ‹the device› cpu.");
        return new(DeviceType.CUDA, index, "as asked");
    }

    private static RefusedException Refused(string name, string why) => new($"Device '{name}' was asked for, but {why}");

    private static string? WhyNoCuda(CudaFacts facts) => facts switch
    {
        { Built: false, LibtorchFolder: { } folder } => $"the libtorch of {ChosenLibtorch.Variable} in {folder} is for the CPU: it has no libtorch_cuda.so",
        { Built: false } => "this program was built for the CPU (TorchBackend=cpu)",
        { DriverFound: false } => "this machine has no NVIDIA driver",
        { Available: false } or { Count: 0 } => "libtorch sees no CUDA device",
        _ => null,
    };

    private static string NextStep(CudaFacts facts) => facts switch
    {
        { Built: false, LibtorchFolder: not null } => "Name the libtorch of a PyTorch for CUDA or pass ‹the device› cpu.",
        { Built: false } => "Build it with -p:TorchBackend=cuda (README, GPU) or pass ‹the device› cpu.",
        { DriverFound: false } => "Install NVIDIA's driver (README, GPU) or pass ‹the device› cpu.",
        // The oldest drivers of CUDA 12 and 13 (NVIDIA, CUDA Compatibility, minor version compatibility).
        _ => "Check that nvidia-smi lists a GPU, that its driver is 525 or newer (of a libtorch for CUDA 13: 580), and that CUDA_VISIBLE_DEVICES "
            + "does not hide it; or pass ‹the device› cpu.",
    };

    private static string? WhyTooOld(int index, CudaFacts facts) =>
        facts.ComputeCapability(index) is { } found && found.CompareTo(OldestComputeCapability) < 0
            ? $"cuda:{index} has compute capability {found.Major}.{found.Minor} and libtorch needs "
                + $"{OldestComputeCapability.Major}.{OldestComputeCapability.Minor} or newer"
            : null;

    private static string Counted(int devices) => devices == 1 ? "1 CUDA device" : $"{devices} CUDA devices";
}
