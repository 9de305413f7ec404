using FreezeBench.Results.Reports;

namespace FreezeBench.Tool.Plots;

/// <summary>Plots of a group of times. Times that other work disturbed are in none.</summary>
internal static class TimePlots
{
    /// <summary>Time of an epoch by policy, with bounds; null where fewer than two policies have one.</summary>
    internal static Picture? Epochs(TimeGroup group) => ByPolicy(group, policy => policy.EpochMs,
        "Time of an epoch by policy", "an epoch");

    /// <summary>Time of the backward pass by freezing depth; null where fewer than two policies have one.</summary>
    internal static Picture? Depth(TimeGroup group) => ByPolicy(group, policy => policy.DepthBackwardMs,
        "Backward pass of a step by how deep the backbone is frozen", "the backward pass");

    /// <summary>Phases of a step, stacked, by policy; null where no policy has any.</summary>
    internal static Picture? Phases(TimeGroup group)
    {
        var policies = group.Policies.Where(policy => policy.Phases.Count > 0 && !policy.Phases.Any(phase => phase.TimeMs.Origin.Disturbed)).ToList();
        if (policies.Count == 0)
            return null;
        var totals = policies.ConvertAll(policy => policy.Phases.Sum(phase => phase.TimeMs.Value));
        var (unit, ms) = Bars.Unit(totals.Max());
        var canvas = Bars.Canvas($"time of a step, {unit}", totals.Max() / ms, policies.Count, 74);
        for (var index = 0; index < policies.Count; index++)
        {
            var (position, from) = (Bars.Position(policies.Count, index), 0.0);
            foreach (var (phase, time) in policies[index].Phases)
            {
                var to = from + time.Value / ms;
                canvas.Bar(from, to, position, 0.66, Palette.Phase(phase));
                var ((left, top), (right, _)) = (canvas.Pixel(from, position), canvas.Pixel(to, position));
                // About 7 px a letter; a name that does not fit is in the table, and the shades are the same in every bar.
                if (right - left > phase.Length * 7 + 8)
                    canvas.Text((left + right) / 2, top + 4, phase, "middle", $"on{Palette.Phase(phase)}");
                from = to;
            }
            Bars.Name(canvas, position, $"{policies[index].Name()}");
            Bars.Value(canvas, from, position, Numbers.Time(totals[index]));
        }
        var names = policies.SelectMany(policy => policy.Phases.Select(phase => phase.Phase)).Distinct().OrderBy(Palette.Phase).ToList();
        return new Picture
        {
            Caption = "Phases of a step by policy",
            Key = [.. names.Select(name => (Palette.Phase(name), name))],
            Description = string.Join(" ", policies.Select((policy, index) => $"{policy.Name()}: {Numbers.Time(totals[index])}{Share(policy)}.")),
            Canvas = canvas,
            Heads = ["policy", .. names.Select(name => $"{name}, ms")],
            Rows = [.. policies.Select(policy => (IReadOnlyList<string>)[$"{policy.Name()}", .. names.Select(name => Phase(policy, name))])],
        };
    }

    private static string Share(PolicyTimes policy) => policy.BackwardShare is { } share ? $", {Numbers.Fixed(100 * share, 0)} % of it backward" : "";

    private static string Phase(PolicyTimes policy, string name) =>
        policy.Phases.Where(phase => phase.Phase == name).Select(phase => Numbers.Significant(phase.TimeMs.Value)).FirstOrDefault(Numbers.Missing);

    private static Picture? ByPolicy(TimeGroup group, Func<PolicyTimes, Figure?> choose, string caption, string what)
    {
        var bars = group.Policies.Select(policy => (Name: policy.Name(), Time: choose(policy))).Where(bar => bar.Time is { Origin.Disturbed: false }).Select(bar => (bar.Name, Time: bar.Time!)).ToList();
        if (bars.Count < 2)
            return null;
        var (unit, ms) = Bars.Unit(bars.Max(bar => bar.Time.Value));
        var canvas = Bars.Canvas($"time of {what}, {unit}", bars.Max(bar => Math.Max(bar.Time.Value, bar.Time.Upper ?? 0)) / ms, bars.Count, 74);
        for (var index = 0; index < bars.Count; index++)
        {
            var (position, time) = (Bars.Position(bars.Count, index), bars[index].Time);
            canvas.Bar(0, time.Value / ms, position, 0.66, Palette.Policy(bars[index].Name));
            Bars.Bounds(canvas, time, 1 / ms, position);
            Bars.Name(canvas, position, $"{bars[index].Name}");
            Bars.Value(canvas, Math.Max(time.Value, time.Upper ?? 0) / ms, position, Numbers.Time(time.Value));
        }
        return new Picture
        {
            Caption = bars.Any(bar => bar.Time.Lower is not null) ? $"{caption}, with 95 % bounds" : caption,
            Description = string.Join(" ", bars.Select(bar => $"{bar.Name}: {Numbers.Time(bar.Time)}.")),
            Canvas = canvas,
        };
    }
}
