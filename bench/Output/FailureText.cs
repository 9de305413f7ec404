using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Toolchains.Results;
using FreezeBench.Benchmarks.Suites;

namespace FreezeBench.Benchmarks.Output;

/// <summary>Why a case failed, in a sentence.</summary>
public static class FailureText
{
    // 128 + SIGKILL. Nobody else sends it to a case that is measured.
    private const int Killed = 137;

    /// <summary>The exception that ended the case's process, or what went wrong before it ran.</summary>
    /// <param name="report">Of the case.</param>
    /// <param name="failure">What the case's process left; null: nothing.</param>
    public static string Of(BenchmarkReport report, CaseFailure? failure)
    {
        ArgumentNullException.ThrowIfNull(report);
        return !report.BuildResult.IsBuildSuccess ? $"The benchmark process could not be built: {OfBuild(report.BuildResult)}"
            : failure?.ToString() ?? $"Its process ended with code {(report.ExecuteResults is [.., var last] ? last.ExitCode : null)}.";
    }

    /// <summary>What the case's process told of a full memory; null where its end had another reason.</summary>
    /// <inheritdoc cref="Of"/>
    public static string? OfMemory(BenchmarkReport report, CaseFailure? failure)
    {
        ArgumentNullException.ThrowIfNull(report);
        return failure is { OfMemory: true } ? failure.Message
            : report.ExecuteResults.Any(result => result.ExitCode == Killed) ? "nothing: the process was killed, as Linux does where the host's memory is full."
            : null;
    }

    /// <summary>The first error of a build.</summary>
    public static string OfBuild(BuildResult build) =>
        (build.ErrorMessage ?? build.GenerateException?.Message)?.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? build.GenerateException?.Message ?? "no message; its log has more.";
}
