using FreezeBench.Torch.Arithmetic;

namespace FreezeBench.DeviceChecks;

/// <summary>The checks of a device that one process can make, in the order in which one failing explains the next.</summary>
public static class DeviceCheckList
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<DeviceCheck> All { get; } =
    [
        new("facts", "facts known, sensors readable", FactsCheck.Find),
        new("symbols", "libtorch exports what is called", SymbolsCheck.Find),
        .. Precision.All.Select(precision => new DeviceCheck(
            $"training-{precision.Name}", "ten steps as in float64 on the CPU", device => new TrainingCheck(precision).Find(device))),
        new("folding", "folded features are the layers'", device => FoldingCheck.Find(device)),
        new("foreach", "joint updates are those one by one", device => ForeachCheck.Find(device)),
        new("tf32-switches", "TF32 on and off change the bits", Tf32Check.Find),
        new("determinism", "two trainings give the same bits", device => DeterminismCheck.Find(device)) { NeedsDeterminism = true },
        new("batches", "batches of the host are the CPU's", device => BatchesCheck.Find(device)),
        new("memory", "full memory told, smaller batch found", MemoryCheck.Find),
        new("watching", "reading the sensors costs no time", WatchingCheck.Find),
        new("phases", "phases by events add up to the step", PhasesCheck.Find),
        new("peak", "no step is above the peak", PeakCheck.Find),
    ];
}
