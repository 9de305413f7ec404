using FreezeBench.Accuracy.Options;
using FreezeBench.Features;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Torch.Hardware;

namespace FreezeBench.Accuracy.Runs;

/// <summary>What all runs of a command share.</summary>
/// <param name="Settings">As asked for.</param>
/// <param name="Weights">What networks start from.</param>
/// <param name="Data">All images; not owned.</param>
/// <param name="Device">As chosen.</param>
/// <param name="Precision">Arithmetic of the networks; the process is in it.</param>
/// <param name="CudnnAutotune">Whether cuDNN chooses its algorithms by time; null on the CPU, or where libtorch cannot be asked.</param>
/// <param name="Stamp">Of the rows; when resumed, with the run id of the first invocation.</param>
/// <param name="Store">Where rows go.</param>
/// <param name="Session">Where unfinished runs keep their state.</param>
/// <param name="Reporter">Told what happens.</param>
/// <param name="SystemRoot">Where Linux publishes the CPU's sensors and energy.</param>
public sealed record RunContext(
    AccuracySettings Settings, InitialWeights Weights, AccuracyData Data, DeviceChoice Device, Precision Precision, bool? CudnnAutotune, RunStamp Stamp, ResultStore Store, CheckpointSession Session, IRunReporter Reporter,
    string SystemRoot = "/sys")
{
    /// <summary>Memory of the device; null: unknown.</summary>
    public DeviceMemory? Memory { get; init; }

    /// <summary>Begins to watch what other programs do.</summary>
    public Func<OtherLoad> WatchOthers { get; init; } = () => new OtherLoad();

    /// <summary>Where features are kept from command to command; null: nowhere.</summary>
    public FeatureCache? Features { get; init; }
}
