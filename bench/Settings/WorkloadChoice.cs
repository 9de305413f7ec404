using System.Globalization;
using FreezeBench.Results;
using FreezeBench.Results.Workloads;

namespace FreezeBench.Benchmarks.Settings;

/// <summary>Which standard workloads a run measures, and which it leaves out.</summary>
/// <param name="Measured">In the order of measuring.</param>
/// <param name="LeftOut">The others, each with its reason; none where somebody named what to measure.</param>
public sealed record WorkloadChoice(IReadOnlyList<StandardWorkload> Measured, IReadOnlyList<WorkloadOffer> LeftOut)
{
    /// <summary>The choice of a run.</summary>
    /// <param name="offers">Of the device.</param>
    /// <param name="asked">By name, or all; null: nothing was asked for.</param>
    /// <exception cref="UserErrorException">One was named that the device cannot do.</exception>
    public static WorkloadChoice Of(IReadOnlyList<WorkloadOffer> offers, IReadOnlyList<StandardWorkload>? asked)
    {
        bool IsMeasured(WorkloadOffer offer) => asked is null ? offer.ByDefault : asked.Contains(offer.Workload) && offer.Impossible is null;
        var named = asked is not null && !ReferenceEquals(asked, StandardWorkloads.All);
        var refused = named ? offers.Where(offer => asked!.Contains(offer.Workload) && offer.Impossible is not null).ToList() : [];
        return refused is []
            ? new([.. offers.Where(IsMeasured).Select(offer => offer.Workload)], named ? [] : [.. offers.Where(offer => !IsMeasured(offer))])
            : throw new UserErrorException(string.Join('\n', refused.Select(offer => $"--workload has {offer.Workload.Name}, and {offer.Impossible}. Leave it out; --list-workloads says what this device can do.")));
    }

    /// <summary>What a workload computes, in a line.</summary>
    public static string Text(StandardWorkload workload) =>
        string.Create(CultureInfo.InvariantCulture, $"{workload.Backbone}, {workload.ResolutionPx} px, batch {workload.BatchSize}, {workload.ImagesPerEpoch} images an epoch, {workload.Precision}");
}
