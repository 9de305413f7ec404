using FreezeBench.Results.Comparison;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Reports;

/// <summary>A machine's figures at one workload, over the runs that stand for it.</summary>
internal sealed class MachineFigures
{
    private readonly Contender contender;
    private readonly Dictionary<CaseSettings, ChosenRuns> runs;
    private readonly CaseFigures figures;

    private MachineFigures(Contender contender, Dictionary<CaseSettings, ChosenRuns> runs) => (this.contender, this.runs, figures) = (contender, runs, new CaseFigures(runs.Values));

    /// <summary>The machine's row; null where it timed none of our epochs at this workload.</summary>
    /// <param name="contender">The machine.</param>
    /// <param name="workload">As <see cref="Overviews.Open"/> leaves it.</param>
    internal static MachineRow? Row(Contender contender, CaseSettings workload)
    {
        var steps = workload with { Images = workload.BatchSize };
        var cases = contender.Cases.Where(measured => measured.Row.Suite is "epoch" or "step" && Overviews.Open(CaseSettings.Workload(measured.Row)) == (measured.Row.Suite == "step" ? steps : workload));
        var machine = new MachineFigures(contender, CaseChoice.Of(contender, cases, CaseSettings.Workload));
        var epochs = machine.runs.Keys.Where(IsEpoch).Where(settings => settings.Framework == NamedCase.OwnFramework).Select(machine.Epoch).InPolicyOrder(epoch => epoch.Name()).ToList();
        return epochs.Count == 0 ? null : new MachineRow
        {
            Name = contender.Name,
            EnvironmentIds = contender.Machine.Ids,
            Epochs = epochs,
            Twins = [.. machine.Twins()],
        };
    }

    private static bool IsEpoch(CaseSettings settings) => settings is { Suite: "epoch", Phase: "epoch" };

    private MachineEpoch Epoch(CaseSettings settings)
    {
        var epoch = runs[settings];
        var memory = CaseFigures.PeakMemory(epoch);
        return new MachineEpoch
        {
            Policy = settings.Policy!,
            Kernels = settings.Kernels,
            EpochMs = figures.TimeMs(epoch),
            ImagesPerS = figures.ImagesPerS(epoch),
            SpeedUp = settings.Policy == Overviews.Baseline ? null : figures.SpeedUp(runs.GetValueOrDefault(settings with { Policy = Overviews.Baseline }), epoch),
            BackwardShare = TimeGroups.BackwardShare(phase => runs.GetValueOrDefault(settings with { Suite = "step", Phase = phase, Images = settings.BatchSize })?.Side.CentreMs),
            PeakMemoryBytes = memory,
            MemorySource = memory is null ? null : CaseFigures.MemorySourceOf(epoch),
        };
    }

    private IEnumerable<TwinRatio> Twins() =>
        from twin in runs.Keys
        where IsEpoch(twin) && twin.Framework != NamedCase.OwnFramework && !runs[twin].Side.Disturbed
        from ours in runs.Keys
        where IsEpoch(ours) && ours.Framework == NamedCase.OwnFramework && ours.Policy == twin.Policy && !runs[ours].Side.Disturbed
        orderby ours.Kernels == KernelKind.Plain, twin.Framework, ours.Policy
        let ratio = figures.Ratio(runs[ours], runs[twin])
        where ratio is not null
        select new TwinRatio(FrameworkOf(twin), ours.Policy!, ours.Kernels!.Value, ratio);

    private string FrameworkOf(CaseSettings twin)
    {
        var id = runs[twin].Runs[0].Row.EnvironmentId;
        var record = contender.Machine.Environments.FirstOrDefault(environment => environment.Id == id);
        // The column tells pytorch-compile from pytorch, the record their version; who built it, and with which BLAS, is told with the environment's facts.
        return record is null ? twin.Framework! : $"{twin.Framework} {record.Torch.LibtorchVersion.Split(',', '+')[0]}";
    }
}
