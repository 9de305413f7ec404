using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;

namespace FreezeBench.Tool.Plots;

/// <summary>Time of an epoch by policy and machine. Times that other work disturbed are in no plot.</summary>
internal static class MachinePlot
{
    /// <summary>Bars that fit beside the other picture of the first screen.</summary>
    private const int MostBars = 10;

    /// <summary>In the order in which they give way where machines are many, the last one first.</summary>
    private static readonly (string Policy, KernelKind Kernels)[] wanted =
        [("fine-tune", KernelKind.Fast), ("frozen", KernelKind.Fast), ("fine-tune", KernelKind.Plain), ("frozen", KernelKind.Plain), ("frozen-train-bn", KernelKind.Fast)];

    /// <summary>The bars, a group for each policy with its kernels beside each other, the fastest machine first; null where no machine has two.</summary>
    internal static Picture? Of(Overview overview)
    {
        var machines = overview.Machines.Where(machine => wanted.Any(row => Time(machine, row) is not null)).Take(MostBars / 2).ToList();
        if (machines.Count == 0)
            return null;
        var bars = wanted.Take(Math.Max(2, MostBars / machines.Count)).SelectMany(row => machines.Select(machine => (Name: new PolicyName(row.Policy, row.Kernels), Machine: machine, Time: Time(machine, row))))
            .Where(bar => bar.Time is not null).Select(bar => (bar.Name, bar.Machine, Time: bar.Time!))
            .InPolicyOrder(bar => bar.Name).ToList();
        if (bars.Count < 2)
            return null;
        var (unit, ms) = Bars.Unit(bars.Max(bar => bar.Time.Value));
        var canvas = Bars.Canvas($"time of an epoch, {unit}", bars.Max(bar => Math.Max(bar.Time.Value, bar.Time.Upper ?? 0)) / ms, bars.Count, machines.Count > 1 ? 152 : 74);
        for (var index = 0; index < bars.Count; index++)
        {
            var (position, (name, machine, time)) = (Bars.Position(bars.Count, index), bars[index]);
            canvas.Bar(0, time.Value / ms, position, 0.66, Palette.Policy(name));
            Bars.Bounds(canvas, time, 1 / ms, position);
            if (index == 0 || bars[index - 1].Name != name)
                Bars.Name(canvas, position, $"{name}");
            Bars.Value(canvas, Math.Max(time.Value, time.Upper ?? 0) / ms, position, machines.Count > 1 ? $"{Numbers.Time(time.Value)} {Bars.Short(machine.Name.Split(',')[0])}" : Numbers.Time(time.Value));
        }
        var leftOut = overview.Machines.Count - machines.Count;
        return new Picture
        {
            Caption = $"Time of an epoch by policy{(machines.Count > 1 ? " and machine" : $" on {machines[0].Name}")}{(bars.Any(bar => bar.Time.Lower is not null) ? ", with 95 % bounds" : "")}{(leftOut > 0 ? $"; the fastest {machines.Count} of {overview.Machines.Count} machines" : "")}",
            Description = string.Join(" ", bars.Select(bar => $"{bar.Name} on {bar.Machine.Name}: {Numbers.Time(bar.Time)}.")),
            Canvas = canvas,
        };
    }

    private static Figure? Time(MachineRow machine, (string Policy, KernelKind Kernels) row) =>
        machine.Of(row.Policy, row.Kernels)?.EpochMs is { Origin.Disturbed: false, Value: > 0 } time ? time : null;
}
