using FreezeBench.Results.Workloads;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Torch.Hardware;
using TorchSharp;

namespace FreezeBench.Benchmarks.Settings;

/// <summary>A standard workload as a device offers it.</summary>
/// <param name="Workload">Which.</param>
/// <param name="Impossible">Why the device cannot do it; null: it can.</param>
/// <param name="OnDemand">Why it is measured only where somebody asks for it; null: there is no such reason.</param>
public sealed record WorkloadOffer(StandardWorkload Workload, string? Impossible, string? OnDemand)
{
    /// <summary>For messages and <c>--help</c>.</summary>
    public const string Description = "the first of them, and on a GPU those others that fit into five minutes with it";

    /// <summary>What a run that names no workload is to take, or a round of it. The first workload is measured however long it takes.</summary>
    public static TimeSpan DefaultRun { get; } = TimeSpan.FromMinutes(5);

    // On two cores one fine-tuning epoch takes more than a minute, and a round has ninety epochs.
    private const int LargestByDefaultOnCpuPx = 32;

    /// <summary>Whether a run that names no workload measures it, where it is the first or the time is left.</summary>
    public bool ByDefault => WhyNot is null;

    /// <summary>Why such a run leaves it out; null: it does not.</summary>
    public string? WhyNot => Impossible ?? OnDemand;

    /// <summary>Every standard workload, in the order of measuring.</summary>
    /// <param name="device">As chosen.</param>
    /// <param name="computeCapability">Of a CUDA device; null: unknown.</param>
    public static IReadOnlyList<WorkloadOffer> All(DeviceChoice device, (int Major, int Minor)? computeCapability)
    {
        List<WorkloadOffer> offers = [];
        foreach (var workload in StandardWorkloads.All)
        {
            var impossible = PrecisionSwitch.WhyNot(Precision.Parse(workload.Precision), device, computeCapability);
            offers.Add(new(workload, impossible, device.Type == DeviceType.CUDA ? null : OnDemandOnCpu(workload)));
        }
        return offers;
    }

    private static string? OnDemandOnCpu(StandardWorkload workload) =>
        workload.ResolutionPx > LargestByDefaultOnCpuPx ? "on a CPU it takes hours"
        : workload.Precision != Precision.Fp32.Name ? "few CPUs compute faster in it than in fp32"
        : null;
}
