using FreezeBench.Results.Machine;
using FreezeBench.Results.Reports;
using FreezeBench.Tool.Elements;

namespace FreezeBench.Tool.Html;

internal static class TimeTables
{
    /// <summary>The table of policies, and what else was timed.</summary>
    internal static Node Of(TimeGroup group) => new Fragment(Policies(group), Parts(group), Gains(group), Others(group));

    /// <summary>A row for each policy.</summary>
    internal static Node Policies(TimeGroup group)
    {
        var sources = new Sources();
        return Tables.Sortable($"Policies. {(group.Policies.Any(policy => policy.EpochMs?.Lower is not null || policy.SpeedUp?.Lower is not null) ? "Small print: 95 % bounds. " : "")}Speed-up: the epoch of fine-tune divided by that of the row, same runs and kernels.",
            ["policy", "epoch, ms", "images/s", "speed-up", "step, ms", "forward, ms", "backward, ms", "backward, % of step", "depth: backward, ms", "depth: step, ms", MemorySources.Head("peak memory, MiB", group.Policies.Select(policy => policy.MemorySource)), $"energy of an epoch, J ({Marks.EnergySources(group.Policies.Select(policy => policy.EnergySource))})"],
            [.. group.Policies.Select(policy => (IReadOnlyList<Cell>)
            [
                Cell.OfPolicy(policy.Name()),
                Cell.Of(policy.EpochMs, sources, $"{policy.Name()}", "epoch", withBounds: true),
                Cell.Of(policy.ImagesPerS, sources, $"{policy.Name()}", "images/s"),
                Cell.Of(policy.SpeedUp, sources, $"{policy.Name()}", "speed-up", places: 2, withBounds: true),
                Cell.Of(policy.StepMs, sources, $"{policy.Name()}", "step"),
                Cell.Of(Phase(policy, "forward"), sources, $"{policy.Name()}", "forward"),
                Cell.Of(Phase(policy, "backward"), sources, $"{policy.Name()}", "backward"),
                Cell.Plain(policy.BackwardShare, share => Numbers.Fixed(100 * share, 0)),
                Cell.Of(policy.DepthBackwardMs, sources, $"{policy.Name()}", "depth: backward"),
                Cell.Of(policy.DepthStepMs, sources, $"{policy.Name()}", "depth: step"),
                Cell.Of(policy.PeakMemoryBytes, sources, $"{policy.Name()}", "peak memory", scale: 1.0 / (1 << 20)),
                Cell.Of(policy.EpochEnergyJ, sources, $"{policy.Name()}", "energy"),
            ])], sources);
    }

    /// <summary>What training a part costs; nothing where nobody counted parameters.</summary>
    internal static Node Parts(TimeGroup group) => PartialTraining.Of(group) is { Count: > 0 } parts
        ? Tag.OfClass("ul", "notes", parts.Select(part => Tag.Of("li", $"{part.Name} {part.Sentence}.")))
        : new Fragment();

    /// <summary>Fast kernels beside plain ones; nothing where no run measured both.</summary>
    internal static Node Gains(TimeGroup group)
    {
        if (group.KernelGains.Count == 0)
            return new Fragment();
        var sources = new Sources();
        var whats = group.KernelGains.Select(gain => gain.What).Distinct().ToList();
        return Tables.Sortable("How many times as fast as plain kernels the fast ones are, both of one run. Small print: 95 % bounds.", ["policy", .. whats],
            [.. group.KernelGains.GroupBy(gain => gain.Policy).Select(policy => (IReadOnlyList<Cell>)
            [
                Cell.OfPolicy(new PolicyName(policy.Key, null)),
                .. whats.Select(what => Cell.Of(policy.FirstOrDefault(gain => gain.What == what)?.TimesAsFast, sources, policy.Key, what, places: 2, withBounds: true)),
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
                Cell.OfPolicy(other.Name()),
                Cell.Of(other.TimeMs, sources, $"{other.Name()}", other.Phase, withBounds: true),
            ])], sources);
    }

    private static Figure? Phase(PolicyTimes policy, string name) => policy.Phases.Where(phase => phase.Phase == name).Select(phase => phase.TimeMs).FirstOrDefault();
}
