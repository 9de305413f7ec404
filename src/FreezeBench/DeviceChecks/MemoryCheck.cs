using System.Numerics;
using System.Runtime.InteropServices;
using FreezeBench.Fitting;
using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Optimizing;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Verification;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Torch.Hardware;
using static TorchSharp.torch;

namespace FreezeBench.DeviceChecks;

/// <summary>A memory that is full: whether it is told from other failures, whether the device works afterwards, and whether halving the batch finds one that fits.</summary>
internal static class MemoryCheck
{
    // More than a device has, and less than libtorch refuses before it looks.
    private const long TooMuchBytes = 1L << 50;

    // A GPU's memory is really filled; for this much a CPU pretends to have no more, since a full one ends programs.
    private const int FittingOnCpu = 16;

    // Of a large GPU the rest is held meanwhile: a batch for all of it has tensors of more than 2^31 numbers, which not every kernel of libtorch takes, and
    // steps of seconds. This is more than the libraries' own workspaces, and full all the same.
    private const long MostFilledBytes = 8L << 30;

    internal static CheckFinding Find(CheckedDevice device)
    {
        using var scope = NewDisposeScope();
        if (Refusal(device) is not { } refusal)
            return CheckFinding.Failed("libtorch gave out 1 PiB of memory");
        if (!FullMemory.Is(refusal))
            return CheckFinding.Failed($"a full memory is not recognised in libtorch's words: {refusal.Message.Split('\n')[0]}");
        FullMemory.ReleaseStock(device.Torch);
        if (device.Memory is null)
            return CheckFinding.Failed("nobody tells how much memory the device has, so no batch can be too large for it");
        var memory = device.IsCuda ? Filled(device.Memory) : null;
        var held = memory is null ? 0 : device.Memory.FreeBytes - memory.FreeBytes;
        int asked, found, mostByModel;
        using (empty(held, ScalarType.Byte, device.Torch))
            (asked, found, mostByModel) = Search(device, memory);
        var works = ones([8, 8], device: device.Torch).matmul(ones([8, 8], device: device.Torch)).sum().cpu().item<float>();
        return CheckFinding.Of(
            new("batch_asked", asked),
            new("batch_found", found) { AtLeast = 1, AtMost = asked / 2 },
            new("batch_by_model", mostByModel),
            new("sum_after_shortage", works) { AtLeast = 512, AtMost = 512 });
    }

    private static ExternalException? Refusal(CheckedDevice device)
    {
        try
        {
            empty(TooMuchBytes, ScalarType.Byte, device.Torch).Dispose();
            return null;
        }
        catch (ExternalException refusal)
        {
            return refusal;
        }
    }

    /// <summary>What is left to the batches of a GPU's memory.</summary>
    internal static DeviceMemory Filled(DeviceMemory memory) => memory with { FreeBytes = Math.Min(memory.FreeBytes, MostFilledBytes) };

    /// <summary>A batch of which the model says that it does not fit, nor half of it.</summary>
    /// <param name="byModel">The largest that fits, by the model.</param>
    internal static int Asked(int byModel) => 4 << BitOperations.Log2((uint)byModel);

    private static (int Asked, int Found, int ByModel) Search(CheckedDevice device, DeviceMemory? ofGpu)
    {
        var resolutionPx = device.IsCuda ? 224 : SmallTraining.ResolutionPx;
        var policy = FreezingPolicy.FineTune;
        var model = new MemoryModel(SmallTraining.Network, SmallTraining.Classes, policy, resolutionPx, OptimizerKind.Sgd);
        var memory = ofGpu ?? Least(model);
        var byModel = Math.Max(1, model.LargestBatch(memory.FreeBytes, device.Choice.Type, 1 << 20));
        // Two halvings or more: the estimate may be a half too small.
        var asked = Asked(byModel);
        using var images = SmallTraining.Images(device.Torch, asked);
        var trial = new BatchTrial(SmallTraining.Network, images, resolutionPx, device.Layout, memory, Precision.Fp32.Name);
        var found = trial.Find([policy], asked, (_, size) => new TrainingOptions { BatchSize = size, Kernels = KernelSet.Fast });
        return (asked, found, byModel);
    }

    private static DeviceMemory Least(MemoryModel model)
    {
        var bytes = model.PeakBytes(FittingOnCpu);
        // As much as is needed for the estimate to let this batch pass and no larger one.
        while (!model.Fits(FittingOnCpu, bytes, TorchSharp.DeviceType.CPU))
            bytes += bytes / 16;
        return new(bytes, bytes);
    }
}
