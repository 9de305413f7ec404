using System.Globalization;
using FreezeBench.Accuracy.Options;
using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Training;
using TorchSharp;

namespace FreezeBench.Accuracy.Estimating;

/// <summary>The same from the benchmark rows of an environment: the nearest measured size, scaled by the floating-point operations counted in both.</summary>
/// <param name="environment">With rows.</param>
/// <param name="settings">Of the command.</param>
/// <param name="asked">Arithmetic; null: that environment's own by default.</param>
/// <param name="classes">Outputs of the head.</param>
/// <param name="resolutionPx">Height and width of the network's input in pixels.</param>
internal sealed class RowCosts(EnvironmentResults environment, AccuracySettings settings, Precision? asked, int classes, int resolutionPx)
{
    private readonly IReadOnlyList<BenchmarkRow> rows = Usable(environment, settings.Network);
    private readonly string precision = (asked ?? Precision.DefaultFor(environment.Environment.Torch.UsesGpu ? DeviceType.CUDA : DeviceType.CPU, Capability(environment))).Name;
    private readonly SortedSet<string> used = new(StringComparer.Ordinal);

    /// <summary>Whether the environment has timed a step or an epoch of the network.</summary>
    internal static bool CanTell(EnvironmentResults environment, Network network) => Usable(environment, network).Any(IsTraining);

    /// <summary>Rows that the costs so far are from, in words.</summary>
    internal IReadOnlyCollection<string> Used => used;

    internal PolicyCost Of(KernelSet kernels, FreezingPolicy policy)
    {
        // Another policy stands in by its operations where this one was not timed: fine-tune, as the one that everybody measures.
        var step = Nearest(rows.Where(row => IsTraining(row) && row.Policy == policy.Name), kernels) ?? Nearest(rows.Where(row => IsTraining(row) && PolicyOf(row) is { CachesFeatures: false }), kernels, "fine-tune")
            ?? throw new UserErrorException($"{environment.Environment.Id} has no row of a step or an epoch of {settings.Network.Name} on images, which {policy.Name} could be scaled from.");
        var forward = Nearest(rows.Where(row => row.Phase == "no_grad_forward"), kernels, policy.Name);
        var extraction = Nearest(rows.Where(row => row.Phase == "feature_extraction"), kernels);
        return new PolicyCost(
            Scaled(step, policy, work => work.Forward + work.Backward),
            policy.CachesFeatures ? 0 : forward is null ? Scaled(step, policy, work => work.Forward, work => work.Forward + work.Backward) : Scaled(forward, policy, work => work.Forward),
            !policy.CachesFeatures ? 0 : extraction is null ? Scaled(step, policy, work => work.BackboneForward, work => work.Forward + work.Backward) : Scaled(extraction, policy, work => work.BackboneForward),
            0);
    }

    private double Scaled(BenchmarkRow row, FreezingPolicy policy, Func<StepFlops, long> wanted, Func<StepFlops, long>? measured = null)
    {
        var timed = PolicyOf(row)!;
        var ofRow = (measured ?? wanted)(StepFlops.Of(settings.Network, row.Classes, row.ResolutionPx, timed));
        var factor = (double)wanted(StepFlops.Of(settings.Network, classes, resolutionPx, policy)) / ofRow;
        // A head's work on features does not depend on the images' size, and its count is that of the head alone.
        used.Add(string.Create(CultureInfo.InvariantCulture, $"{row.Policy} {row.Phase} at {row.ResolutionPx} px, batch {row.BatchSize}, {row.Precision}{(row.Precision == precision ? "" : $" and not {precision}")}{(Math.Abs(factor - 1) < 0.01 ? "" : $", times {factor:0.##}")}"));
        return row.MedianMs / 1000 / row.Images * factor;
    }

    private BenchmarkRow? Nearest(IEnumerable<BenchmarkRow> some, KernelSet kernels, string? policy = null) => some
        .OrderByDescending(row => row.Precision == precision).ThenByDescending(row => row.Kernels == kernels.Kind()).ThenByDescending(row => policy is null || row.Policy == policy)
        .ThenBy(row => Math.Abs(Math.Log((double)row.ResolutionPx / resolutionPx))).ThenBy(row => Math.Abs(Math.Log((double)row.BatchSize / settings.BatchSize)))
        .ThenByDescending(row => row.RunId, StringComparer.Ordinal).FirstOrDefault();

    private static (int Major, int Minor)? Capability(EnvironmentResults environment) =>
        Version.TryParse(environment.Environment.Gpu.ComputeCapability, out var capability) ? (capability.Major, capability.Minor) : null;

    private static bool IsTraining(BenchmarkRow row) => row is { Suite: "epoch", Phase: "epoch" } or { Suite: "step", Phase: "step" };

    // Benchmarks know policies alone; every one of them is a strategy too, whose names can be asked for.
    private static FreezingPolicy? PolicyOf(BenchmarkRow row) => Strategy.IsValidName(row.Policy) ? Strategy.Parse(row.Policy).LastPolicy : null;

    private static List<BenchmarkRow> Usable(EnvironmentResults environment, Network network)
    {
        var remarked = Disturbance.RemarkedRuns(environment.Remarks);
        return
        [
            .. environment.Cases.Select(measured => measured.Row).Where(row => row.Framework == NamedCase.OwnFramework && row.Backbone == network.Name && row.MedianMs > 0 && row.Images > 0
                && !row.IsDisturbed(remarked) && PolicyOf(row) is { } policy && policy.Suits(network.StageNames)),
        ];
    }
}
