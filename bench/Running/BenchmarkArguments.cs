using BenchmarkDotNet.Configs;
using BenchmarkDotNet.ConsoleArguments;
using BenchmarkDotNet.ConsoleArguments.ListBenchmarks;
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
        return understood
            ? new BenchmarkArguments(config, options.ListBenchmarkCaseMode != ListBenchmarkCaseMode.Disabled || options.PrintInformation)
            : throw new UserErrorException($"{Reason(log)} Neither FreezeBench (--help) nor BenchmarkDotNet takes this command line.");
    }

    private static string Reason(LogCapture log)
    {
        var lines = string.Concat(log.CapturedOutput.Select(part => part.Text)).Split('\n', StringSplitOptions.TrimEntries);
        // CommandLineParser prints "ERROR(S):", a line for each error, an empty line or "USAGE:", and two pages of help.
        var errors = lines.SkipWhile(line => line != "ERROR(S):").Skip(1).TakeWhile(line => line.Length > 0 && line != "USAGE:");
        return string.Join(' ', errors.DefaultIfEmpty("The arguments were not understood."));
    }
}
