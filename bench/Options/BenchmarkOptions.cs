using System.CommandLine;
using System.Globalization;
using FreezeBench.Accuracy;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Results.Workloads;

namespace FreezeBench.Benchmarks.Options;

/// <summary>The command line: our own options here, everything else is BenchmarkDotNet's.</summary>
public sealed class BenchmarkOptions
{
    /// <summary>Options that the accuracy runner has too.</summary>
    public RunOptions Run { get; } = new(
        defaultPolicies: "the first eight (with --quick: fine-tune,frozen)", defaultResolution: "the standard workloads'", defaultBatchSize: "the standard workloads'", defaultDataset: "synthetic",
        defaultKernels: "both, plain ones for fine-tune and frozen in the suites epoch and step");

    public Option<IReadOnlyList<string>?> Suites { get; } = OptionFactory.Parsed("--suites", $"Comma-separated: {SuiteNames.Valid}, or all. Default: {string.Join(',', SuiteNames.Default)} (with --quick: {string.Join(',', SuiteNames.Quick)}).", ParseSuites);

    public Option<IReadOnlyList<StandardWorkload>?> Workloads { get; } = OptionFactory.Parsed(
        "--workload", $"Standard workloads ({StandardWorkloads.Version}), comma-separated, or all that the device can do; --list-workloads shows them. Default: those that fit into five minutes, the first however long it takes. Not with an option of size.", ParseWorkloads);

    public Option<bool> ListWorkloads { get; } = new("--list-workloads") { Description = "Print the standard workloads, and which of them this device does by default; measure nothing." };

    public Option<long?> TimeBudget { get; } = OptionFactory.Whole(
        "--time-budget", "Minutes that a round is to take: the first workload is measured however long it takes, and of the others those that fit. Default: 5 where --workload names none, else no limit.", 0, 10_080);

    public Option<long?> Repeat { get; } = OptionFactory.Whole("--repeat", "Rounds: all cases, then all of them again, each round with a run id of its own. Three give bounds between processes. Default: 1.", 1, 99);

    public Option<long?> ImagesPerEpoch { get; } = OptionFactory.Whole("--images-per-epoch", "Images in one epoch. Default: the standard workloads'.", 1, 10_000_000);

    public Option<IReadOnlyList<int>?> BatchSizes { get; } =
        Sizes("--batch-sizes", "Batch sizes of the scaling suite, comma-separated. Default: by the device.", 1, 65536);

    public Option<IReadOnlyList<int>?> Resolutions { get; } =
        Sizes("--resolutions", "Resolutions of the scaling suite in pixels, comma-separated. Default: by the device.", 16, 1024);

    public Option<bool> Profile { get; } = new("--profile")
    {
        Description = "No suite: time of every layer, forward and backward, and of the other phases of a step, to profile.csv (in --out, else in BenchmarkDotNet.Artifacts).",
    };

    public Option<bool> GpuCheck { get; } = new("--gpu-check")
    {
        Description = "No suite: check the device in eight minutes or less (on the CPU one), and write verification.json beside environment.json. Takes --device, --threads and --out alone.",
    };

    public Option<bool> Quick { get; } = new("--quick") { Description = "Every suite at its smallest, to see that all works: small batches, few samples, two policies." };

    /// <summary>The root command with every option.</summary>
    public RootCommand Command { get; }

    public BenchmarkOptions()
    {
        Command = new RootCommand(
            "Measures what freezing a backbone saves on this machine: time per epoch, and forward, backward and optimizer of a step, for every freezing policy.\n"
            + $"Without an option of size it measures the standard workloads, the same on every device: {WorkloadOffer.Description}.\n"
            + $"An option of size (--backbone, --resolution, --batch-size, --images-per-epoch, --precision, --dataset, --auto-batch, --quick) makes it a size of your own. What it leaves open: {DeviceSizes.Description}.\n"
            + $"Of suite scaling: {ScalingSizes.Description}.\n"
            + $"As the first word, {AccuracyProgram.Word} starts the accuracy runner instead, which trains for real: {AccuracyProgram.Word} --help.\n"
            + CommandLineCheck.Description + "\n"
            + "BenchmarkDotNet's own options work too, such as --filter, --list flat, --iterationCount; an option of neither is refused.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        Run.AddTo(Command);
        foreach (var option in new Option[] { Workloads, ListWorkloads, TimeBudget, Repeat, Suites, ImagesPerEpoch, BatchSizes, Resolutions, Profile, GpuCheck, Quick })
            Command.Add(option);
    }

    private static Option<IReadOnlyList<int>?> Sizes(string name, string description, int least, int most) => OptionFactory.Parsed<IReadOnlyList<int>>(
        name, description, text =>
        {
            List<int> sizes = [];
            foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
                sizes.Add(int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size >= least && size <= most
                    ? size
                    : throw new UserErrorException(string.Create(CultureInfo.InvariantCulture, $"{name} has '{part}'; each must be a whole number from {least} to {most}.")));
            return [.. sizes.Distinct().Order()];
        });

    private static IReadOnlyList<StandardWorkload> ParseWorkloads(string text)
    {
        // The list itself: of all, those that the device cannot do are left out instead of refused.
        if (text == "all")
            return StandardWorkloads.All;
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        var unknown = names.Where(name => StandardWorkloads.Find(name) is null).ToList();
        return unknown is []
            ? [.. StandardWorkloads.All.Where(workload => names.Contains(workload.Name))]
            : throw new UserErrorException($"Unknown workload {string.Join(", ", unknown.Select(name => $"'{name}'"))}. Valid values: {string.Join(", ", StandardWorkloads.All.Select(workload => workload.Name))}, all.");
    }

    private static IReadOnlyList<string> ParseSuites(string text)
    {
        if (text == "all")
            return SuiteNames.All;
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        var unknown = names.Where(name => !SuiteNames.All.Contains(name)).ToList();
        return unknown is []
            ? [.. SuiteNames.All.Where(names.Contains)]
            : throw new UserErrorException($"Unknown suite {string.Join(", ", unknown.Select(name => $"'{name}'"))}. Valid values: {SuiteNames.Valid}, all.");
    }
}
