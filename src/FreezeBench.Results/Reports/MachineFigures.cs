using FreezeBench.Results.Comparison;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Reports;

/// <summary>A machine's figures at one workload, over the runs that stand for it.</summary>
internal sealed class MachineFigures
{
    private static readonly ComparisonOptions options = new() { Confidence = 0.95 };

    private readonly Contender contender;
    private readonly Dictionary<CaseSettings, ChosenRuns> runs;
    private readonly RunNoise noise;

    private MachineFigures(Contender contender, Dictionary<CaseSettings, ChosenRuns> runs)
    {
        (this.contender, this.runs) = (contender, runs);
        noise = new RunNoise(LaunchSpread.OfSides(runs.Values.Select(chosen => chosen.Side), options));
    }

    /// <summary>The machine's row; null where it timed none of our epochs at this workload.</summary>
    /// <param name="contender">The machine.</param>
    /// <param name="workload">As <see cref="Overviews.Open"/> leaves it.</param>
    internal static MachineRow? Row(Contender contender, CaseSettings workload)
    {
        var steps = workload with { Images = workload.BatchSize };
        var chosen = WorkloadRuns.Of([contender], (_, row) =>
            CaseSettings.Workload(row) is var settings && Overviews.Open(settings) == (row.Suite == "step" ? steps : workload) && row.Suite is "epoch" or "step" ? [settings] : []);
        var figures = new MachineFigures(contender, chosen.ToDictionary(one => one.Settings, one => one.Runs[0]!));
        var epochs = figures.runs.Keys.Where(IsEpoch).Where(settings => settings.Framework == NamedCase.OwnFramework).Select(figures.Epoch).InPolicyOrder(epoch => epoch.Name()).ToList();
        return epochs.Count == 0 ? null : new MachineRow
        {
            Name = contender.Name,
            EnvironmentIds = contender.Machine.Ids,
            Epochs = epochs,
            Twins = [.. figures.Twins()],
        };
    }

    private static bool IsEpoch(CaseSettings settings) => settings is { Suite: "epoch", Phase: "epoch" };

    private MachineEpoch Epoch(CaseSettings settings)
    {
        var epoch = runs[settings];
        var baseline = settings.Policy == Overviews.Baseline ? null : runs.GetValueOrDefault(settings with { Policy = Overviews.Baseline });
        var peaks = epoch.Runs.Select(run => run.Row.PeakMemoryBytes).ToList();
        // One run's figure is what it is, whoever told it; a mean is of one quantity.
        var source = MemorySources.Common(epoch.Runs.Select(run => run.Row.MemorySource));
        var hasPeak = !peaks.Contains(null) && (source is not null || peaks.Count == 1);
        var time = CaseFigures.Of(Time(epoch), OriginOf(epoch));
        var images = 1000.0 * epoch.Runs[0].Row.Images;
        return new MachineEpoch
        {
            Policy = settings.Policy!,
            Kernels = settings.Kernels,
            EpochMs = time,
            ImagesPerS = time.Value > 0 ? time with { Value = images / time.Value, Lower = images / time.Upper, Upper = time.Lower > 0 ? images / time.Lower : null } : null,
            SpeedUp = baseline is null ? null : Ratio(epoch, baseline),
            BackwardShare = BackwardShare(settings),
            MemorySource = hasPeak ? source : null,
            PeakMemoryBytes = !hasPeak ? null : new Figure { Value = peaks.Average(peak => (double)peak!.Value), Origin = OriginOf(epoch) with { Disturbed = false } },
        };
    }

    private IEnumerable<TwinRatio> Twins() =>
        from twin in runs.Keys
        where IsEpoch(twin) && twin.Framework != NamedCase.OwnFramework && !runs[twin].Side.Disturbed
        from ours in runs.Keys
        where IsEpoch(ours) && ours.Framework == NamedCase.OwnFramework && ours.Policy == twin.Policy && !runs[ours].Side.Disturbed
        orderby ours.Kernels == KernelKind.Plain, twin.Framework, ours.Policy
        let ratio = Ratio(runs[ours], runs[twin])
        where ratio is not null
        select new TwinRatio(FrameworkOf(twin), ours.Policy!, ours.Kernels!.Value, ratio);

    private string FrameworkOf(CaseSettings twin)
    {
        var id = runs[twin].Runs[0].Row.EnvironmentId;
        var record = contender.Machine.Environments.FirstOrDefault(environment => environment.Id == id);
        // The column tells pytorch-compile from pytorch, the record their version; who built it, and with which BLAS, is told with the environment's facts.
        return record is null ? twin.Framework! : $"{twin.Framework} {record.Torch.LibtorchVersion.Split(',', '+')[0]}";
    }

    private BoundedEstimate Time(ChosenRuns chosen)
    {
        if (chosen.Side.RunIds.Count == 1)
            return chosen.Side.SamplesMs.Count > 0 ? Location.Of(chosen.Side.SamplesMs, options.Confidence) : new BoundedEstimate(chosen.Side.CentreMs, null, null, options.Confidence);
        if (chosen.Side.CentreMs <= 0)
            return new BoundedEstimate(chosen.Side.CentreMs, null, null, options.Confidence);
        var half = Uncertainty.HalfWidth(noise.First.OfMean(chosen.Side.RunCentresMs), default, options.Confidence);
        return new BoundedEstimate(chosen.Side.CentreMs, chosen.Side.CentreMs * Math.Exp(-half), chosen.Side.CentreMs * Math.Exp(half), options.Confidence);
    }

    /// <summary>Time of the dividend by that of the divisor.</summary>
    private Figure? Ratio(ChosenRuns divisor, ChosenRuns dividend) => CaseJudge.RatioOf(divisor.Side, dividend.Side, noise, options.Confidence) is { } ratio
        ? CaseFigures.Of(ratio, CaseFigures.Worse(OriginOf(dividend), OriginOf(divisor)))
        : null;

    private double? BackwardShare(CaseSettings epoch) =>
        TimeGroups.BackwardShare(phase => runs.GetValueOrDefault(epoch with { Suite = "step", Phase = phase, Images = epoch.BatchSize })?.Side.CentreMs);

    private static Origin OriginOf(ChosenRuns chosen)
    {
        var rows = chosen.Runs.Select(run => run.Row).ToList();
        return new Origin
        {
            EnvironmentId = rows[0].EnvironmentId,
            RunIds = chosen.Side.RunIds,
            Commits = [chosen.Commit],
            Date = DateOnly.FromDateTime(rows.Max(row => row.UtcTime).UtcDateTime),
            // Of several runs these are the sample.
            Count = rows.Count > 1 ? rows.Count : Math.Max(chosen.Side.SampleCount, rows[0].SampleCount),
            Noise = chosen.Side.Noise,
            Throttled = chosen.Side.Throttled,
            Disturbed = chosen.Side.Disturbed,
            Dirty = chosen.Side.Dirty,
        };
    }
}
