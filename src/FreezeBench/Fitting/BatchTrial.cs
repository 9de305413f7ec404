using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Optimizing;
using FreezeBench.Results.Machine;
using FreezeBench.Torch.Hardware;
using FreezeBench.Training;
using TorchSharp;

namespace FreezeBench.Fitting;

/// <summary>
/// Finds out by doing it whether a batch fits: a network of its own goes through training and evaluation on one batch and is
/// thrown away.
/// </summary>
/// <remarks>
/// Weights, BatchNorm's statistics, optimizer and data order of the training to come are not touched, since none of them exist
/// yet; libtorch's generator, which the trial does move, is set anew wherever a network is made
/// (<see cref="InitialNetwork.Create"/>).
/// </remarks>
/// <param name="network">Which is tried; built anew for each attempt.</param>
/// <param name="data">The images to come; the first are used. Not owned.</param>
/// <param name="resolutionPx">Height and width that the network sees, in pixels.</param>
/// <param name="memoryFormat">Strides of weights and batches.</param>
/// <param name="memory">Of the device; null is unknown.</param>
/// <param name="precision">As rows name it.</param>
public sealed class BatchTrial(Network network, ImageSet data, int resolutionPx, MemoryFormat memoryFormat, DeviceMemory? memory, string precision)
{
    /// <summary>Whether an attempt failed: the process's peak memory is then that of the attempt.</summary>
    public bool AnyFailed { get; private set; }

    /// <summary>The largest size, halving from the one of the options, with which every policy can train and be evaluated.</summary>
    /// <param name="policies">At least one.</param>
    /// <param name="options">Of a policy with batches of a size.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">Not even 1 fits.</exception>
    /// <param name="asked">The size to begin with.</param>
    public int Find(IReadOnlyList<FreezingPolicy> policies, int asked, Func<FreezingPolicy, int, TrainingOptions> options)
    {
        var size = asked;
        foreach (var policy in policies)
            size = BatchSizeSearch.Find(size, attempted => MayFit(policy, attempted, options), attempted => Attempt(policy, options(policy, attempted)), Release);
        return size;
    }

    // A CPU whose memory is full does not throw: Linux gives out more than there is and then kills a program, and not always
    // this one. So there the estimate decides first.
    private bool MayFit(FreezingPolicy policy, int size, Func<FreezingPolicy, int, TrainingOptions> options) =>
        data.Device.type != DeviceType.CPU || memory is null
        || new MemoryModel(network, data.Classes, policy, resolutionPx, options(policy, size).Optimizer, precision).Fits(Math.Min(size, data.Count), memory.FreeBytes, DeviceType.CPU);

    private void Attempt(FreezingPolicy policy, TrainingOptions options)
    {
        // A set of one batch: its epoch is one step, its extraction and its evaluation are one batch each.
        using var batch = data.Select([.. Enumerable.Range(0, Math.Min(options.BatchSize, data.Count)).Select(index => (long)index)]);
        using var trainer = new Trainer(network, policy, batch, resolutionPx, memoryFormat, options);
        if (trainer.NeedsFeatures)
            trainer.ExtractFeatures();
        // The optimizer's state comes with the first step, so the second one is the larger.
        trainer.Step(0, NoObserver.Instance);
        trainer.Step(0, NoObserver.Instance);
        trainer.Evaluate(batch);
        new DeviceClock(data.Device).Synchronise();
    }

    private void Release()
    {
        AnyFailed = true;
        // An exception can cut TorchSharp off from a tensor that no scope knows of yet; its finalizer frees that one.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        FullMemory.ReleaseStock(data.Device);
        MemoryBound.Restore();
    }
}
