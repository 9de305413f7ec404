using BenchmarkDotNet.Reports;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Results;
using FreezeBench.Torch.Hardware;

namespace FreezeBench.Benchmarks.Output;

/// <summary>Why a case failed, in a sentence.</summary>
public static class FailureText
{
    /// <summary>The exception that ended the case's process, or its exit code.</summary>
    /// <param name="report">Of the case.</param>
    /// <param name="failure">What the case's process left; null: nothing.</param>
    public static string Of(BenchmarkReport report, CaseFailure? failure) =>
        failure?.ToString() ?? (report.ExecuteResults is [.., var last] ? last : null) switch
        {
            { ExitCode: KilledCases.ExitCode, ProcessId: { } process } => KilledCases.MemoryWasShort(process) is null
                ? "Its process was killed by somebody: by Linux, if the host's memory was full, which this system does not tell; then a smaller --batch-size helps."
                : "Its process was killed by somebody, and not for want of memory: nothing on this machine was. Run it again.",
            { ExitCode: { } code, ProcessId: { } process } when KilledCases.Signal(code) is { } signal => KilledCases.LastWords(process) is { Length: > 0 } words
                ? $"Its process was ended by signal {signal}. It said last: {ForeignText.Shown(words)}"
                : $"Its process was ended by signal {signal}, without a word.",
            { ExitCode: { } code } => $"Its process ended with code {code}.",
            _ => "Its process did not start, or did not end by itself.",
        };

    /// <summary>What the case's process told of a full memory; null where its end had another reason.</summary>
    /// <inheritdoc cref="Of"/>
    public static string? OfMemory(BenchmarkReport report, CaseFailure? failure) =>
        failure is { OfMemory: true } ? failure.Message
            : report.ExecuteResults.Any(result => result is { ExitCode: KilledCases.ExitCode, ProcessId: { } process } && KilledCases.MemoryWasShort(process) == true) ? "nothing: the process was killed, as Linux does where the host's memory is full."
            : report.ExecuteResults.Select(result => result is { ExitCode: { } code, ProcessId: { } process } && KilledCases.Signal(code) is not null ? KilledCases.LastWords(process) : "").LastOrDefault(FullMemory.IsTold);
}
