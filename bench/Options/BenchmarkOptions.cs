using System.CommandLine;
using System.Globalization;
using FreezeBench.Accuracy;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Programs;
using FreezeBench.Results;

namespace FreezeBench.Benchmarks.Options;

/// <summary>The command line: our own options here, everything else is BenchmarkDotNet's.</summary>
public sealed class BenchmarkOptions
{
    /// <summary>Options that the accuracy runner has too.</summary>
    public RunOptions Run { get; } = new(
        defaultPolicies: "the first eight (with --quick: fine-tune,frozen)", defaultResolution: "by the device", defaultBatchSize: "by the device", defaultDataset: "synthetic",
        defaultKernels: "both, plain ones for fine-tune and frozen in the suites epoch and step");

    /// <summary>Which suites run.</summary>
    public Option<IReadOnlyList<string>?> Suites { get; } = OptionFactory.Parsed("--suites", $"Comma-separated: {SuiteNames.Valid}, or all. Default: {string.Join(',', SuiteNames.Default)}.", ParseSuites);

    /// <summary>Images of one epoch.</summary>
    public Option<long?> ImagesPerEpoch { get; } = OptionFactory.Whole("--images-per-epoch", "Images in one epoch. Default: by the device.", 1, 10_000_000);

    /// <summary>Batch sizes of the scaling suite.</summary>
    public Option<IReadOnlyList<int>?> BatchSizes { get; } =
        Sizes("--batch-sizes", "Batch sizes of the scaling suite, comma-separated. Default: by the device.", 1, 65536);

    /// <summary>Resolutions of the scaling suite.</summary>
    public Option<IReadOnlyList<int>?> Resolutions { get; } =
        Sizes("--resolutions", "Resolutions of the scaling suite in pixels, comma-separated. Default: by the device.", 16, 1024);

    /// <summary>Layers instead of suites.</summary>
    public Option<bool> Profile { get; } = new("--profile")
    {
        Description = "No suite: time of every layer, forward and backward, and of the other phases of a step, to profile.csv (in --out, else in BenchmarkDotNet.Artifacts).",
    };

    /// <summary>The smallest run.</summary>
    public Option<bool> Quick { get; } = new("--quick") { Description = "Every suite at its smallest, to see that all works: small batches, few samples, two policies." };

    /// <summary>The root command with every option.</summary>
    public RootCommand Command { get; }

    /// <summary>Makes the command.</summary>
    public BenchmarkOptions()
    {
        Command = new RootCommand(
            "Measures what freezing a backbone saves on this machine: time per epoch, and forward, backward and optimizer of a step, for every freezing policy.\n"
            + $"Default sizes: {DeviceSizes.Description}.\n"
            + $"Of suite scaling: {ScalingSizes.Description}.\n"
            + $"As the first word, {AccuracyProgram.Word} starts the accuracy runner instead, which trains for real: {AccuracyProgram.Word} --help.\n"
            + "BenchmarkDotNet's own options work too, such as --filter, --list flat, --iterationCount; an option of neither is refused.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        Run.AddTo(Command);
        Command.Add(Suites);
        Command.Add(ImagesPerEpoch);
        Command.Add(BatchSizes);
        Command.Add(Resolutions);
        Command.Add(Profile);
        Command.Add(Quick);
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
