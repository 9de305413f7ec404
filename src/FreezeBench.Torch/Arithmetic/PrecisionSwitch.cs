using System.Runtime.InteropServices;
using FreezeBench.Torch.Hardware;
using FreezeBench.Torch.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Torch.Arithmetic;

/// <summary>Puts the process into a precision: TF32 is set, never inherited; a GPU, and everywhere a 16-bit type, is tried before it is used.</summary>
public static class PrecisionSwitch
{
    private const string OverrideVariable = "NVIDIA_TF32_OVERRIDE";

    /// <summary>Checks that a device can do it, and sets libtorch's switches.</summary>
    /// <param name="precision">For everything that the process computes.</param>
    /// <param name="device">Where.</param>
    /// <param name="computeCapability">Of a CUDA device; null: unknown.</param>
    /// <param name="tries">Whether a GPU and a 16-bit type are tried; not in a process that leaves the device to others.</param>
    /// <exception cref="RefusedException">Device or libtorch cannot; nothing falls back.</exception>
    public static void Apply(Precision precision, DeviceChoice device, (int Major, int Minor)? computeCapability, bool tries = true)
    {
        ArgumentNullException.ThrowIfNull(precision);
        ArgumentNullException.ThrowIfNull(device);
        TorchLibrary.Load();
        if (WhyNot(precision, device, computeCapability) is { } reason)
            throw Refused(precision, device, reason);
        backends.cuda.matmul.allow_tf32 = precision.AllowsTf32;
        backends.cudnn.allow_tf32 = precision.AllowsTf32;
        if ((backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) != (precision.AllowsTf32, precision.AllowsTf32))
            throw new InvalidOperationException($"libtorch did not take the TF32 switches of {precision.Name}.");
        // Of a GPU in float32 too: whether this libtorch has kernels for it, nobody tells but the first of them.
        if (tries && (precision.AutocastType is not null || device.Type == DeviceType.CUDA))
            Try(precision, device, computeCapability);
    }

    /// <summary>Why a device has no such arithmetic; null: nothing is known against it.</summary>
    /// <param name="precision">Asked for.</param>
    /// <param name="device">Where.</param>
    /// <param name="computeCapability">Of a CUDA device; null: unknown.</param>
    public static string? WhyNot(Precision precision, DeviceChoice device, (int Major, int Minor)? computeCapability)
    {
        ArgumentNullException.ThrowIfNull(precision);
        ArgumentNullException.ThrowIfNull(device);
        return WhyNot(precision, device, computeCapability, NativeEnvironment.Get(OverrideVariable));
    }

    /// <summary>Refuses what a device of another machine has not, in the words of <see cref="Apply"/>; the settings of this machine are not looked at, and libtorch is not needed.</summary>
    /// <param name="precision">Asked for.</param>
    /// <param name="device">There.</param>
    /// <param name="computeCapability">Of a CUDA device.</param>
    /// <exception cref="RefusedException">It has no such arithmetic.</exception>
    public static void RefuseElsewhere(Precision precision, DeviceChoice device, (int Major, int Minor)? computeCapability)
    {
        ArgumentNullException.ThrowIfNull(precision);
        ArgumentNullException.ThrowIfNull(device);
        if (WhyNot(precision, device, computeCapability, tf32Override: null) is { } reason)
            throw Refused(precision, device, reason);
    }

    internal static string? WhyNot(Precision precision, DeviceChoice device, (int Major, int Minor)? computeCapability, string? tf32Override)
    {
        var found = computeCapability is var (major, minor) ? $"this GPU has {major}.{minor}" : "";
        if (precision.AllowsTf32 && device.Type != DeviceType.CUDA)
            return "TF32 is arithmetic of NVIDIA GPUs";
        // Unknown is no yes: the row would say tf32 where an old GPU computed in float32.
        if (precision.AllowsTf32 && computeCapability is null)
            return "the driver does not tell the GPU's compute capability, and TF32 needs 8.0 (nvidia-smi shows whether the driver answers)";
        if (precision.AllowsTf32 && computeCapability is { Major: < 8 })
            return $"TF32 needs a GPU of compute capability 8.0 (Ampere) or newer; {found}";
        // NVIDIA's libraries heed it whatever libtorch asks of them, and nobody can ask them: the rows would say what was not computed.
        if (device.Type == DeviceType.CUDA && precision.AutocastType is null && tf32Override is not null && (tf32Override == "0") == precision.AllowsTf32)
            return $"the environment variable {OverrideVariable} is {tf32Override}, by which NVIDIA's libraries compute {(precision.AllowsTf32 ? "without TF32" : "in TF32")} whatever they are asked for (unset it)";
        // libtorch runs bfloat16 on older GPUs by conversions, slower than float32: no one asks for that knowingly.
        if (precision.AutocastType == ScalarType.BFloat16 && computeCapability is { Major: < 8 })
            return $"bfloat16 needs a GPU of compute capability 8.0 (Ampere) or newer; {found}";
        return null;
    }

    // A step of everything that a ResNet is made of, on a few numbers: an operation that the device lacks in the type throws here
    // and not in the middle of a run. 8 channels: thinner ones in channels-last corrupt memory in libtorch 2.10.
    private static void Try(Precision precision, DeviceChoice device, (int Major, int Minor)? computeCapability)
    {
        using var scope = NewDisposeScope();
        var where = device.ToTorch();
        try
        {
            var kernel = ones(8, 8, 3, 3, device: where, requires_grad: true);
            var (factor, shift) = (ones(8, device: where, requires_grad: true), zeros(8, device: where, requires_grad: true));
            var head = ones(4, 8, device: where, requires_grad: true);
            Tensor loss;
            using (precision.Enter(device.Type))
            {
                var images = ones(2, 8, 8, 8, device: where).permute(0, 3, 1, 2);
                var features = nn.functional.batch_norm(nn.functional.conv2d(images, kernel, padding: [1, 1]), zeros(8, device: where), ones(8, device: where), factor, shift, training: true);
                var logits = nn.functional.linear(nn.functional.max_pool2d(features.relu_(), 3, stride: 2, padding: 1).mean([2, 3]), head);
                loss = nn.functional.cross_entropy(logits.to(ScalarType.Float32), zeros(2, ScalarType.Int64, where));
            }
            loss.backward();
            new DeviceClock(where).Synchronise();
        }
        catch (ExternalException error)
        {
            throw Failed(precision, device, computeCapability, error.Message);
        }
    }

    /// <summary>What a trial that libtorch has ended means for the user.</summary>
    /// <param name="precision">Asked for.</param>
    /// <param name="device">Where.</param>
    /// <param name="computeCapability">Of a CUDA device; null: unknown.</param>
    /// <param name="words">libtorch's.</param>
    internal static RefusedException Failed(Precision precision, DeviceChoice device, (int Major, int Minor)? computeCapability, string words)
    {
        var says = $"libtorch {TorchLibrary.Version} says: {words.Split('\n')[0].Trim()}";
        // CUDA's cudaErrorNoKernelImageForDevice: the GPU is older or newer than those that the libtorch was compiled for.
        if (words.Contains("no kernel image is available", StringComparison.Ordinal))
            return new($"Device '{device.Name}' {(computeCapability is var (major, minor) ? $"has compute capability {major}.{minor}, and" : "was asked for, and")} the libtorch {TorchLibrary.Version} was not "
                + $"compiled for it: those for CUDA 12.8 are for 7.0 to 12.0, those for CUDA 13 for 7.5 and newer. Name another one by {ChosenLibtorch.Variable}, or pass another GPU or ‹the device› cpu.");
        return precision.AutocastType is not null
            ? Refused(precision, device, says)
            : new($"Device '{device.Name}' was asked for, and in a small step on it {says}. See by nvidia-smi whether other programs fill or hold it (compute mode Exclusive_Process is for one), or pass ‹the device› cpu.");
    }

    private static RefusedException Refused(Precision precision, DeviceChoice device, string reason) =>
        new($"‹The precision› {precision.Name} was asked for on {device.Name}, and {reason}. Pass ‹the precision› {Precision.Fp32.Name}, or leave the choice to the device's default.");
}
