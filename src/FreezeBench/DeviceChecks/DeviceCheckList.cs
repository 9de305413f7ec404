using FreezeBench.Torch.Arithmetic;

namespace FreezeBench.DeviceChecks;

/// <summary>The checks of a device that one process can make, in the order in which one failing explains the next.</summary>
public static class DeviceCheckList
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<DeviceCheck> All { get; } =
    [
        new("facts", "the device's facts are known, and its sensors can be read", FactsCheck.Find),
        new("symbols", "libtorch exports every function that is called by its name", SymbolsCheck.Find),
        .. Precision.All.Select(precision => new DeviceCheck(
            $"training-{precision.Name}", $"ten steps of fine-tune, frozen and from-layer3 in {precision.Name} are those of float64 on the CPU", device => new TrainingCheck(precision).Find(device))),
        new("folding", "the folded frozen backbone computes what the layers compute", device => FoldingCheck.Find(device)),
        new("foreach", "updates of many tensors at once are those of one after the other", device => ForeachCheck.Find(device)),
        new("tf32-switches", "TF32 on and off change the bits of products and convolutions, and the right way", Tf32Check.Find),
        new("determinism", "two deterministic trainings give the same bits", device => DeterminismCheck.Find(device)) { ChangesProcess = true },
        new("batches", "batches from the host's memory and from image files under load are the CPU's", device => BatchesCheck.Find(device)),
        new("memory", "a full memory is recognised, and smaller batches are found", MemoryCheck.Find),
        new("watching", "reading the sensors four times a second costs no time", WatchingCheck.Find),
        new("phases", "phases by CUDA events add up to the step, and it is known whether host or GPU bounds it", PhasesCheck.Find),
        new("peak", "the peak of large products is above what a step reaches", PeakCheck.Find),
    ];
}
