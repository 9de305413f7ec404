using System.Globalization;
using System.Text;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Tables;

namespace FreezeBench.Tool.Peers;

/// <summary>The table as people read it: rounding happens here and nowhere before.</summary>
internal static class PeerText
{
    private const string Missing = "-";

    /// <summary>For a terminal: columns set under each other.</summary>
    internal static string Plain(PeerTable table) => Write(table, heading => heading, policy => policy, rows => rows.Plain(Missing));

    /// <summary>For a page.</summary>
    internal static string Markdown(PeerTable table) => Write(table, heading => $"**{heading}**", policy => $"`{policy}`", rows => rows.Markdown(Missing));

    private static string Write(PeerTable table, Func<string, string> heading, Func<string?, string?> policy, Func<Table, IEnumerable<string>> lines)
    {
        var text = new StringBuilder();
        foreach (var group in table.Groups)
        {
            text.Append(heading(group.Settings.Text)).Append('\n');
            text.Append(CultureInfo.InvariantCulture, $"{Machine(group.Ours)}: TorchSharp {group.Ours.Torch.TorchSharpVersion} on libtorch {group.Ours.Torch.LibtorchVersion} ({group.Ours.Id}), ")
                .Append(CultureInfo.InvariantCulture, $"{group.Framework} {group.Theirs.Torch.LibtorchVersion} ({group.Theirs.Id})\n\n");
            // The kernels go without saying where all are fast.
            var withKernels = group.Ratios.Any(ratio => ratio.Case.Kernels == KernelKind.Plain);
            var rows = new Table(
                ["policy", "kernels", "phase", PeerTable.OurFramework, group.Framework, "ratio", "95 % bounds", "n"],
                [.. group.Ratios.Select(ratio => Row(ratio, policy, withKernels))], 0, 1, 2).WithoutEmptyColumns();
            foreach (var line in lines(rows))
                text.Append(line).Append('\n');
            text.Append('\n');
        }
        text.Append("ratio: torchsharp / the other, above 1 torchsharp takes more; times in ms and memory in MiB, medians of the runs' medians.\n");
        if (table.Groups.SelectMany(group => group.Ratios).Any(ratio => ratio.Case.Policy == PeerFigures.CachedAgainstFrozen))
            text.Append(CultureInfo.InvariantCulture, $"{PeerFigures.CachedAgainstFrozen}, {PeerFigures.Epochs} epochs: of torchsharp the extraction and {PeerFigures.Epochs} epochs of frozen-cached, of the other {PeerFigures.Epochs} epochs of frozen.\n");
        if (table.Groups.SelectMany(group => group.Ratios).Any(ratio => ratio.Estimate.Lower is null))
            text.Append("(a .. b): no bounds, too few runs (4 and 4 give some); the lowest and the highest ratio of single runs. -: one run a side.\n");
        foreach (var note in table.Notes)
            text.Append("note: ").Append(note).Append('\n');
        return text.ToString();
    }

    private static string Machine(EnvironmentRecord environment) => environment.Torch.UsesGpu
        ? environment.Gpu.Name
        : $"{EnvironmentName.Cpu(environment.Machine)}, {environment.Machine.OperatingSystem}";

    private static IReadOnlyList<string?> Row(PeerRatio ratio, Func<string?, string?> policy, bool withKernels) =>
    [
        policy(ratio.Case.Policy), withKernels ? ratio.Case.Kernels?.Word() : null, ratio.Case.Phase, Ms(ratio.Ours), Ms(ratio.Theirs), Number(ratio.Estimate.Value, "0.00"),
        Bounds(ratio), string.Create(CultureInfo.InvariantCulture, $"{ratio.OursRuns}, {ratio.TheirsRuns}"),
    ];

    // One run a side has no range: the ratio twice would look like a certainty.
    private static string Bounds(PeerRatio ratio) => ratio switch
    {
        { Estimate: { Lower: { } lower, Upper: { } upper } } => Range(lower, upper),
        { OursRuns: 1, TheirsRuns: 1 } => Missing,
        _ => $"({Range(ratio.Lowest, ratio.Highest)})",
    };

    private static string Range(double low, double high) => $"{Number(low, "0.00")} .. {Number(high, "0.00")}";

    private static string Ms(double value) => Number(value, value >= 100 ? "0" : value >= 1 ? "0.0" : "0.000");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
