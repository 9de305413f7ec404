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
        var log = new LogCapture();
        var (understood, config, options) = ConfigParser.Parse([.. arguments], log);
        if (!understood)
            throw new UserErrorException($"{Reason(log)} Neither FreezeBench (--help) nor BenchmarkDotNet takes this command line.");
        if (Unsupported(config) is { } reason)
            throw new UserErrorException(reason);
        return new BenchmarkArguments(config, options.ListBenchmarkCaseMode != ListBenchmarkCaseMode.Disabled || options.PrintInformation);
    }

    // What would make rows say something else than they mean.
    private static string? Unsupported(IConfig config)
    {
        var jobs = config.GetJobs().ToList();
        if (jobs.Count > 1)
            return "Several runtimes or jobs at once are not supported: a row would not say which one it is of.";
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
