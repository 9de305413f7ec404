using FreezeBench.Benchmarks.Settings;
using FreezeBench.Results.Workloads;
using Spectre.Console;

namespace FreezeBench.Benchmarks.Output;

/// <summary>The standard workloads on the terminal.</summary>
public static class WorkloadList
{
    /// <summary>Every workload: what it is, why, and whether the device does it where nobody names it.</summary>
    /// <param name="console">Standard output.</param>
    /// <param name="offers">Of the device.</param>
    /// <param name="device">For the user.</param>
    public static void Write(IAnsiConsole console, IReadOnlyList<WorkloadOffer> offers, string device)
    {
        console.MarkupLineInterpolated($"Standard workloads ({StandardWorkloads.Version}) on {device}");
        var first = offers.FirstOrDefault(offer => offer.ByDefault);
        foreach (var offer in offers)
        {
            console.WriteLine();
            console.MarkupLineInterpolated($"[bold]{offer.Workload.Name}[/]: {WorkloadChoice.Text(offer.Workload)}");
            Indented(console, offer.Workload.Reason);
            Indented(console, offer.Impossible is { } impossible ? $"Not here: {impossible}." : offer.OnDemand is { } onDemand ? $"On demand (--workload {offer.Workload.Name}): {onDemand}." : offer == first ? "By default." : "By default, where it fits into five minutes with those before it.");
        }
        console.WriteLine();
        console.WriteLine("Each in the suites epoch and step with the first eight policies; plain kernels too for fine-tune and frozen.");
    }

    /// <summary>What a run did not measure, and why.</summary>
    public static void WriteLeftOut(IAnsiConsole console, IReadOnlyList<WorkloadOffer> leftOut)
    {
        if (leftOut is [])
            return;
        console.MarkupLine("[grey]Not measured of the standard workloads (--workload NAME asks for one):[/]");
        var width = leftOut.Max(offer => offer.Workload.Name.Length);
        foreach (var offer in leftOut)
            Indented(console, $"{offer.Workload.Name.PadRight(width)}  {offer.WhyNot}");
    }

    private static void Indented(IAnsiConsole console, string text) =>
        console.Write(new Padder(new Text(text), new Padding(2, 0, 0, 0)));
}
