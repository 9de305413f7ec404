using System.Globalization;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Fitting;
using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using FreezeBench.Networks.Catalog;
using FreezeBench.Optimizing;
using FreezeBench.Results;

namespace FreezeBench.Benchmarks.Suites;

/// <summary>The batch size of a case.</summary>
/// <param name="Size">Images per step: as asked for, or with <c>--auto-batch</c> the first of its halves that fits.</param>
/// <param name="AnyFailed">Whether larger ones were tried in this process: its peak memory is then theirs.</param>
public sealed record CaseBatch(int Size, bool AnyFailed)
{
    /// <summary>Finds the size, or takes the one that an earlier case of the same policy has found in this run: all of them share it.</summary>
    /// <param name="settings">Of the run.</param>
    /// <param name="policy">Of the case.</param>
    /// <param name="kernels">Of the case.</param>
    /// <param name="data">The images of an epoch, on the device.</param>
    /// <param name="options">Of a training with batches of a size.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">Not even 1 fits.</exception>
    public static CaseBatch Choose(BenchmarkSettings settings, FreezingPolicy policy, string kernels, ImageSet data, Func<int, TrainingOptions> options)
    {
        if (!settings.AutoBatch)
            return new(settings.BatchSize, AnyFailed: false);
        if (Found(settings, policy, kernels) is { } found)
            return new(found, AnyFailed: false);
        var trial = new BatchTrial(
            NetworkCatalog.Parse(settings.Backbone), data, settings.ResolutionPx, settings.MemoryFormatOf(kernels), settings.Memory, settings.Precision);
        var size = trial.Find([policy], settings.BatchSize, (_, attempted) => options(attempted));
        Directory.CreateDirectory(settings.RecordFolder);
        File.WriteAllText(PathOf(settings, policy, kernels), size.ToString(CultureInfo.InvariantCulture));
        return new(size, trial.AnyFailed);
    }

    /// <summary>What a case of this policy has found in this run; null: none has yet.</summary>
    public static int? Found(BenchmarkSettings settings, FreezingPolicy policy, string kernels) =>
        int.TryParse(OwnFile.Text(PathOf(settings, policy, kernels)), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0 ? size : null;

    private static string PathOf(BenchmarkSettings settings, FreezingPolicy policy, string kernels) => Path.Combine(settings.RecordFolder, $"batch-size-{policy.Name.Replace(':', '-')}-{kernels}.txt");
}
