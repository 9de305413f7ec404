using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Toolchains.Results;

namespace FreezeBench.Benchmarks.Output;

/// <summary>Why a case failed, in a sentence.</summary>
public static class FailureText
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

    /// <summary>The first error of a build.</summary>
    public static string OfBuild(BuildResult build) =>
        (build.ErrorMessage ?? build.GenerateException?.Message)?.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? build.GenerateException?.Message ?? "no message; its log has more.";
}
