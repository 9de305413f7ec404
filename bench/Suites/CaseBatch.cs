using System.Globalization;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Fitting;
using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Networks.Known;
using FreezeBench.Optimizing;

namespace FreezeBench.Benchmarks.Suites;

/// <summary>The batch size of a case.</summary>
/// <param name="Size">Images per step: as asked for, or with <c>--auto-batch</c> the first of its halves that fits.</param>
/// <param name="AnyFailed">Whether larger ones were tried in this process: its peak memory is then theirs.</param>
public sealed record CaseBatch(int Size, bool AnyFailed)
{
    /// <summary>Finds the size, or takes the one that an earlier case of the same policy has found in this run: all of them share it.</summary>
    /// <param name="settings">Of the run.</param>
    /// <param name="policy">Of the case.</param>
    /// <param name="data">The images of an epoch, on the device.</param>
    /// <param name="options">Of a training with batches of a size.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">Not even 1 fits.</exception>
    public static CaseBatch Choose(BenchmarkSettings settings, FreezingPolicy policy, ImageSet data, Func<int, TrainingOptions> options)
    {
        if (!settings.AutoBatch)
            return new(settings.BatchSize, AnyFailed: false);
        if (Found(settings, policy) is { } found)
            return new(found, AnyFailed: false);
        var trial = new BatchTrial(
            Backbone.Parse(settings.Backbone).Shape, data, settings.ResolutionPx, MemoryFormat.Parse(settings.MemoryFormat), settings.Memory, settings.Precision);
        var size = trial.Find([policy], settings.BatchSize, (_, attempted) => options(attempted));
        Directory.CreateDirectory(settings.RecordFolder);
        File.WriteAllText(PathOf(settings, policy), size.ToString(CultureInfo.InvariantCulture));
        return new(size, trial.AnyFailed);
    }

    /// <summary>What a case of this policy has found in this run; null: none has yet.</summary>
    public static int? Found(BenchmarkSettings settings, FreezingPolicy policy) =>
        File.Exists(PathOf(settings, policy)) ? int.Parse(File.ReadAllText(PathOf(settings, policy)), CultureInfo.InvariantCulture) : null;

    private static string PathOf(BenchmarkSettings settings, FreezingPolicy policy) => Path.Combine(settings.RecordFolder, $"batch-size-{policy}.txt");
}
