using FreezeBench.Results.Reports;

namespace FreezeBench.Tool.Html;

/// <summary>Tables of measured times.</summary>
internal static class TimeTables
{
    /// <summary>The table of policies, and what else was timed.</summary>
    internal static Node Of(TimeGroup group) => new Fragment(Policies(group), Others(group));

    /// <summary>A row for each policy.</summary>
    internal static Node Policies(TimeGroup group)
    {
        var sources = new Sources();
        return Tables.Sortable($"Policies. {(group.Policies.Any(policy => policy.EpochMs?.Lower is not null || policy.SpeedUp?.Lower is not null) ? "Small print: 95 % bounds. " : "")}Speed-up: the epoch of fine-tune divided by that of the row, same run.",
            ["policy", "epoch, ms", "images/s", "speed-up", "step, ms", "forward, ms", "backward, ms", "backward, % of step", "depth: backward, ms", "depth: step, ms", "peak memory, MiB", $"energy of an epoch, J ({Marks.EnergySources(group.Policies.Select(policy => policy.EnergySource))})"],
            [.. group.Policies.Select(policy => (IReadOnlyList<Cell>)
            [
                Cell.OfPolicy(policy.Policy),
                Cell.Of(policy.EpochMs, sources, policy.Policy, "epoch", withBounds: true),
                Cell.Of(policy.ImagesPerS, sources, policy.Policy, "images/s"),
                Cell.Of(policy.SpeedUp, sources, policy.Policy, "speed-up", places: 2, withBounds: true),
                Cell.Of(policy.StepMs, sources, policy.Policy, "step"),
                Cell.Of(Phase(policy, "forward"), sources, policy.Policy, "forward"),
                Cell.Of(Phase(policy, "backward"), sources, policy.Policy, "backward"),
                Cell.Plain(policy.BackwardShare, share => Numbers.Fixed(100 * share, 0)),
                Cell.Of(policy.DepthBackwardMs, sources, policy.Policy, "depth: backward"),
                Cell.Of(policy.DepthStepMs, sources, policy.Policy, "depth: step"),
                Cell.Of(policy.PeakMemoryBytes, sources, policy.Policy, "peak memory", scale: 1.0 / (1 << 20)),
                Cell.Of(policy.EpochEnergyJ, sources, policy.Policy, "energy"),
            ])], sources);
    }

    /// <summary>What else was timed; nothing where nothing was.</summary>
    internal static Node Others(TimeGroup group)
    {
        if (group.Others.Count == 0)
            return new Fragment();
        var sources = new Sources();
        return Tables.Sortable("What else was timed", ["what", "policy", "time, ms"],
            [.. group.Others.Select(other => (IReadOnlyList<Cell>)
            [
                Cell.Words(other.Phase.Replace('_', ' ')),
                Cell.OfPolicy(other.Policy),
                Cell.Of(other.TimeMs, sources, other.Policy, other.Phase, withBounds: true),
            ])], sources);
    }

    private static Figure? Phase(PolicyTimes policy, string name) => policy.Phases.Where(phase => phase.Phase == name).Select(phase => phase.TimeMs).FirstOrDefault();
}
