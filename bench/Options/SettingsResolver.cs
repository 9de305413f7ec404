using System.CommandLine;
using System.Globalization;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Freezing;
using FreezeBench.Images.Folders;
using FreezeBench.Images.Formats;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Results.Workloads;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Torch.Hardware;
using TorchSharp;

namespace FreezeBench.Benchmarks.Options;

/// <summary>From a command line to settings without open defaults.</summary>
public static class SettingsResolver
{
    /// <summary>Errors of options that do not go together; the parser finds the others.</summary>
    public static IEnumerable<string> Conflicts(BenchmarkOptions options, ParseResult parsed)
    {
        // Of a value that the parser refuses nobody knows what it clashes with.
        if (!OptionFactory.IsWrong(parsed, options.Run.Dataset) && !OptionFactory.IsWrong(parsed, options.Run.DataDirectory))
            foreach (var conflict in DatasetConflicts.Find(parsed.GetValue(options.Run.Dataset) ?? SyntheticImages.Name, parsed.GetValue(options.Run.DataDirectory)))
                yield return conflict;
        if (parsed.GetValue(options.GpuCheck) && Beside(options, parsed) is { Count: > 0 } beside)
            yield return $"--gpu-check takes {options.Run.Device.Name}, {options.Run.Threads.Name} and {options.Run.Out.Name} alone: leave out {string.Join(", ", beside)}.";
        foreach (var conflict in StageConflicts(options.Run, parsed).Concat(WorkloadConflicts(options, parsed)))
            yield return conflict;
        var suites = parsed.GetResult(options.Suites);
        // The parser has its own words for suites that are none.
        if (suites?.Errors.Any() == true)
            yield break;
        var profile = parsed.GetValue(options.Profile);
        if (profile && suites is not null)
            yield return "--profile measures no suite: leave out --suites.";
        if (profile && parsed.GetResult(options.Run.Kernels) is { } kernels && !kernels.Errors.Any() && parsed.GetValue(options.Run.Kernels) is [_, _, ..])
            yield return $"--profile shows the layers of one set of kernels: pass --kernels {KernelSet.Plain} or --kernels {KernelSet.Fast}.";
        var scales = !profile && Suites(options, parsed).Contains(SuiteNames.Scaling);
        if (!scales && (parsed.GetResult(options.BatchSizes) is not null || parsed.GetResult(options.Resolutions) is not null))
            yield return $"--batch-sizes and --resolutions are sizes of suite {SuiteNames.Scaling}: add --suites {SuiteNames.Scaling}, or use --batch-size and --resolution.";
    }

    // What was given beside the check of the device, and would change nothing.
    private static List<string> Beside(BenchmarkOptions options, ParseResult parsed) =>
    [
        .. options.Command.Options.Except([options.GpuCheck, options.Run.Device, options.Run.Threads, options.Run.Out])
            .Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name),
        .. parsed.UnmatchedTokens,
    ];

    // Of policies that the network cannot be under. A value that the parser refuses clashes with nothing.
    private static IEnumerable<string> StageConflicts(RunOptions options, ParseResult parsed)
    {
        if (OptionFactory.IsWrong(parsed, options.Network) || OptionFactory.IsWrong(parsed, options.Policies))
            yield break;
        var network = NetworkOf(options, parsed);
        foreach (var policy in Named(options, parsed, network) ?? [])
            if (policy.Misfit(network.StageNames) is { } misfit)
                yield return misfit;
    }

    private static Network NetworkOf(RunOptions options, ParseResult parsed) => parsed.GetValue(options.Network) ?? NetworkCatalog.Default;

    /// <summary>The suites that were asked for, or the default ones.</summary>
    public static IReadOnlyList<string> Suites(BenchmarkOptions options, ParseResult parsed) =>
        parsed.GetValue(options.Suites) ?? (parsed.GetValue(options.Quick) ? SuiteNames.Quick : SuiteNames.Default);

    /// <summary>Whether a run measures standard workloads; else it measures a size of its own.</summary>
    public static bool IsStandard(BenchmarkOptions options, ParseResult parsed)
    {
        // A program of a network of the user's measures that network, unless a workload is named.
        var ofStandardNetwork = parsed.GetResult(options.Workloads) is not null || StandardWorkloads.All.All(workload => workload.Backbone == NetworkCatalog.Default.Name);
        return ofStandardNetwork && !parsed.GetValue(options.Profile) && !Suites(options, parsed).Contains(SuiteNames.Scaling) && OwnSizes(options, parsed).Count == 0;
    }

    /// <summary>What a round of standard workloads is to take; null: as long as they take.</summary>
    public static TimeSpan? TimeBudget(BenchmarkOptions options, ParseResult parsed) =>
        parsed.GetValue(options.TimeBudget) is { } minutes ? TimeSpan.FromMinutes(minutes) : parsed.GetResult(options.Workloads) is null ? WorkloadOffer.DefaultRun : null;

    // Names of the options that make it a size of its own. Synthetic images are what standard workloads have.
    private static List<string> OwnSizes(BenchmarkOptions options, ParseResult parsed)
    {
        var run = options.Run;
        Option[] sizes = [run.Network, run.Resolution, run.BatchSize, options.ImagesPerEpoch, run.AutoBatch, run.Precision, run.Dataset, run.DataDirectory, run.DatasetLabel, options.Quick];
        return [.. sizes.Where(option => parsed.GetResult(option) is { Implicit: false } && !(option == run.Dataset && !OptionFactory.IsWrong(parsed, option) && parsed.GetValue(run.Dataset) == SyntheticImages.Name)).Select(option => option.Name)];
    }

    private static IEnumerable<string> WorkloadConflicts(BenchmarkOptions options, ParseResult parsed)
    {
        if (parsed.GetValue(options.Profile) && parsed.GetResult(options.Repeat) is not null)
            yield return "--profile measures no suite: leave out --repeat.";
        if (parsed.GetResult(options.TimeBudget) is not null && !OptionFactory.IsWrong(parsed, options.Suites) && !IsStandard(options, parsed))
            yield return "--time-budget is for standard workloads, of which it leaves out what does not fit: leave it out.";
        if (parsed.GetResult(options.Workloads) is null)
            yield break;
        if (OwnSizes(options, parsed) is { Count: > 0 } sizes)
            yield return $"--workload has sizes of its own: leave out {string.Join(", ", sizes)}, or --workload.";
        if (parsed.GetValue(options.Profile))
            yield return "--profile measures no suite: leave out --workload.";
        if (!OptionFactory.IsWrong(parsed, options.Suites) && Suites(options, parsed).Contains(SuiteNames.Scaling))
            yield return $"Suite {SuiteNames.Scaling} has sizes of its own: leave it or --workload out.";
    }

    // An image that would be left alone joins the batch before: of a batch and an image no step has the batch's size.
    private static BenchmarkSettings Checked(BenchmarkSettings settings) =>
        settings.ImagesPerEpoch >= settings.BatchSize && (settings.BatchSize == 1 || settings.ImagesPerEpoch != settings.BatchSize + 1)
        ? settings
        : throw new UserErrorException(string.Create(
            CultureInfo.InvariantCulture, $"--images-per-epoch is {settings.ImagesPerEpoch} and the batch size {settings.BatchSize}; an epoch needs one whole batch at least{(settings.ImagesPerEpoch > settings.BatchSize ? ", and a single image more joins it: pass one image fewer" : "")}."));

    private static IReadOnlyList<FreezingPolicy> Suiting(IReadOnlyList<FreezingPolicy> policies, Network network) => [.. policies.Where(policy => policy.Suits(network.StageNames))];

    // "all" and the defaults are all that the network can be under; a policy that was named and does not suit is a conflict.
    private static IReadOnlyList<FreezingPolicy>? Named(RunOptions options, ParseResult parsed, Network network) =>
        parsed.GetValue(options.Policies) is not { } asked ? null : asked == FreezingPolicy.All ? Suiting(asked, network) : asked;

    /// <summary>Fills in what was not asked for.</summary>
    /// <param name="options">The definitions.</param>
    /// <param name="parsed">A command line without errors.</param>
    /// <param name="device">As chosen.</param>
    /// <param name="precision">As asked for, or the device's default.</param>
    /// <param name="gpuMemoryBytes">Null where unknown.</param>
    /// <param name="recordFolder">Where cases leave their records.</param>
    /// <exception cref="UserErrorException">An epoch of less than one batch.</exception>
    public static BenchmarkSettings Resolve(BenchmarkOptions options, ParseResult parsed, DeviceChoice device, Precision precision, long? gpuMemoryBytes, string recordFolder)
    {
        var run = options.Run;
        var quick = parsed.GetValue(options.Quick);
        var network = NetworkOf(run, parsed);
        var kernels = parsed.GetValue(run.Kernels);
        var cuda = device.Type == DeviceType.CUDA;
        FreezingPolicy[] ends = [FreezingPolicy.FineTune, FreezingPolicy.Frozen];
        var sizes = DeviceSizes.For(cuda, gpuMemoryBytes, network.Name, quick);
        var batchSize = (int?)parsed.GetValue(run.BatchSize) ?? sizes.BatchSize;
        var dataset = parsed.GetValue(run.Dataset) ?? SyntheticImages.Name;
        var policies = Named(run, parsed, network);
        return Checked(new BenchmarkSettings
        {
            Device = device.Name,
            Backbone = network.Name,
            Policies = [.. (policies ?? Suiting(quick ? ends : FreezingPolicy.Standard, network)).Select(policy => policy.Name)],
            Kernels = [.. (kernels ?? KernelSet.All).Select(set => set.Name)],
            KernelsAsked = kernels is not null,
            // The two ends of the question: all eight would take half an hour.
            ScalingPolicies = [.. (policies ?? ends).Select(policy => policy.Name)],
            ScalingSizes = ScalingSizes.For(
                parsed.GetValue(options.BatchSizes), parsed.GetValue(options.Resolutions), cuda, gpuMemoryBytes, network.Name, quick),
            Depths = [.. Suiting(DepthPolicies.For(quick), network).Select(policy => policy.Name)],
            ResolutionPx = (int?)parsed.GetValue(run.Resolution) ?? sizes.ResolutionPx,
            BatchSize = batchSize,
            AutoBatch = parsed.GetValue(run.AutoBatch),
            // A batch size of the user's keeps the number of steps, so that an epoch stays a whole number of batches.
            ImagesPerEpoch = (int?)parsed.GetValue(options.ImagesPerEpoch) ?? sizes.ImagesPerEpoch / sizes.BatchSize * batchSize,
            // Absolute: a case has the folder of this process, and may be started from another.
            Dataset = FolderLabel.FolderOf(dataset) is { } images ? ImageFolder.Prefix + Path.GetFullPath(images) : dataset,
            DatasetLabel = parsed.GetValue(run.DatasetLabel) ?? FolderLabel.Of(dataset),
            DataDirectory = parsed.GetValue(run.DataDirectory) is { } folder ? Path.GetFullPath(folder) : null,
            Threads = (int?)parsed.GetValue(run.Threads) ?? torch.get_num_threads(),
            MemoryFormat = parsed.GetValue(run.MemoryFormat)?.Name,
            Precision = precision.Name,
            CudnnAutotune = !parsed.GetValue(run.NoCudnnAutotune),
            Quick = quick,
            RecordFolder = recordFolder,
        });
    }
}
