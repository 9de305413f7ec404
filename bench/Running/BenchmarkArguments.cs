using BenchmarkDotNet.Configs;
using BenchmarkDotNet.ConsoleArguments;
using BenchmarkDotNet.ConsoleArguments.ListBenchmarks;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using FreezeBench.Results;

namespace FreezeBench.Benchmarks.Running;

/// <summary>What the user asks of BenchmarkDotNet itself: the arguments that are not ours.</summary>
/// <param name="Config">Filters, exporters, and changes to every job (<c>--iterationCount 3</c>).</param>
/// <param name="OnlyPrints">Whether the request is to list or to inform, not to measure.</param>
public sealed record BenchmarkArguments(IConfig Config, bool OnlyPrints)
{
    /// <summary>Parses the arguments as BenchmarkDotNet would.</summary>
    /// <exception cref="UserErrorException">BenchmarkDotNet knows one of them not, or its value is wrong.</exception>
    public static BenchmarkArguments Parse(IReadOnlyList<string> arguments)
    {
        // BenchmarkDotNet's parser takes a quarter of a second, which each case's process would spend.
        if (arguments.Count == 0)
            return new BenchmarkArguments(ManualConfig.CreateEmpty(), OnlyPrints: false);
        var log = new LogCapture();
        var (understood, config, options) = ConfigParser.Parse([.. arguments], log);
        if (!understood)
            throw new UserErrorException($"{Reason(log)} Neither FreezeBench (--help) nor BenchmarkDotNet takes this command line.");
        if ((Unsupported(options) ?? Unsupported(config)) is { } reason)
            throw new UserErrorException(reason);
        return new BenchmarkArguments(config, options.ListBenchmarkCaseMode != ListBenchmarkCaseMode.Disabled || options.PrintInformation);
    }

    // What chooses another program to measure, or says how to build one.
    private static string? Unsupported(CommandLineOptions options)
    {
        var other = options.Runtimes.Any() || options.CoreRunPaths is { Count: > 0 } || options.CliPath is not null || options.RestorePath is not null || options.MonoPath is not null
            || options.ClrVersion is not null || options.ILCompilerVersion is not null || options.IlcPackages is not null || options.CustomRuntimePack is not null
            || options.Platform is not null || options.RunInProcess || options.WasmJavascriptEngine is not null || options.AOTCompilerPath is not null;
        var build = options.KeepBenchmarkFiles || options.LogBuildOutput || options.GenerateMSBuildBinLog || options.TimeOutInSeconds is not null;
        return other || build
            ? "Options that choose a runtime or say how to build (--runtimes, --cli, --coreRun, --platform, --inProcess, --packages, --keepFiles, --buildTimeout and their like) are not supported: each case runs in this program as it was built, in a process of its own."
            : options.Resume ? "--resume is not supported: the rows of a run belong together. Run the program again, with a --filter for what is missing."
            : null;
    }

    // What would make rows say something else than they mean.
    private static string? Unsupported(IConfig config)
    {
        var jobs = config.GetJobs();
        if (jobs.Any(job => job.Run.HasValue(RunMode.RunStrategyCharacteristic)))
            return "--strategy and --job dry are not supported: each suite has the strategy that suits the length of its operations. --quick is the short run.";
        if (jobs.Any(job => job.Run.HasValue(RunMode.LaunchCountCharacteristic) && job.Run.LaunchCount != 1))
            return "--launchCount above 1 is not supported: a case is one process. Run the program again for another one.";
        return config.GetDiagnosers().Any()
            ? "Diagnosers (--memory, --threading, --exceptions, --disasm, --profiler, --counters) are not supported: they add calls of their own to the measured ones. Peak memory is in every row."
            : null;
    }

    private static string Reason(LogCapture log)
    {
        var lines = string.Concat(log.CapturedOutput.Select(part => part.Text)).Split('\n', StringSplitOptions.TrimEntries);
        // CommandLineParser prints "ERROR(S):", a line for each error, an empty line or "USAGE:", and two pages of help.
        var errors = lines.SkipWhile(line => line != "ERROR(S):").Skip(1).TakeWhile(line => line.Length > 0 && line != "USAGE:");
        return string.Join(' ', errors.DefaultIfEmpty("The arguments were not understood."));
    }
}
