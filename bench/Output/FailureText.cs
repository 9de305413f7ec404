using System.Text.RegularExpressions;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Toolchains.Results;
using FreezeBench.Native;

namespace FreezeBench.Benchmarks.Output;

/// <summary>Why a case failed, in a sentence.</summary>
public static partial class FailureText
{
    /// <summary>The exception that ended the case's process, or what went wrong before it ran.</summary>
    public static string Of(BenchmarkReport report)
    {
        if (!report.BuildResult.IsBuildSuccess)
            return $"The benchmark process could not be built: {OfBuild(report.BuildResult)}";
        var lines = report.ExecuteResults.SelectMany(result => result.StandardOutput.Concat(result.Errors)).ToList();
        var exception = lines.FirstOrDefault(line => line.Contains("Exception: ", StringComparison.Ordinal));
        return exception?.Trim() ?? $"Its process ended with code {(report.ExecuteResults is [.., var last] ? last.ExitCode : null)}.";
    }

    /// <summary>What the case's process told of a full memory; null where its end had another reason.</summary>
    public static string? OfMemory(BenchmarkReport report)
    {
        // 128 + SIGKILL. Nobody else sends it to a case that is measured.
        const int killed = 137;
        if (!report.BuildResult.IsBuildSuccess)
            return null;
        var told = report.ExecuteResults.SelectMany(result => result.StandardOutput.Concat(result.Errors))
            .Where(FullMemory.IsTold).Select(line => ExternalException().Match(line)).FirstOrDefault(match => match.Success);
        return told is not null ? told.Groups["message"].Value.Trim()
            : report.ExecuteResults.Any(result => result.ExitCode == killed) ? "nothing: the process was killed, as Linux does where the host's memory is full."
            : null;
    }

    /// <summary>The first error of a build.</summary>
    public static string OfBuild(BuildResult build) =>
        (build.ErrorMessage ?? build.GenerateException?.Message)?.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? build.GenerateException?.Message ?? "no message; its log has more.";

    // .NET writes the HRESULT behind the name.
    [GeneratedRegex("ExternalException(?: \\(0x[0-9A-F]+\\))?: (?<message>.*)", RegexOptions.CultureInvariant)]
    private static partial Regex ExternalException();
}
