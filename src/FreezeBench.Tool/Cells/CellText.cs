using System.Globalization;

namespace FreezeBench.Tool.Cells;

/// <summary>Times and counts as the matrix commands write them.</summary>
internal static class CellText
{
    /// <summary>Such as <c>1:05:09</c>, or <c>0:42</c> below an hour.</summary>
    /// <remarks>None is below zero: where two machines' clocks, or one that was set, say so, it is 0:00.</remarks>
    internal static string Of(TimeSpan time) => time < TimeSpan.Zero ? "0:00"
        : time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");

    /// <summary>Such as <c>1 cell</c>.</summary>
    internal static string Count(int count, string one) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {one}{(count == 1 ? "" : "s")}");

    /// <summary>Memory, such as <c>16.0 GiB</c>.</summary>
    internal static string Gibibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB");

    internal static string Of(Cell cell, BadAttempt attempt) => $"{cell.Id}, attempt {attempt.Name} does not count: {attempt.Why.ReplaceLineEndings(" ")}";

    /// <summary>How an attempt ended, in a few words, and why.</summary>
    internal static string Of(Attempt attempt) => Of(attempt, "");

    /// <summary>The same with its machine.</summary>
    internal static string OnItsHost(Attempt attempt) => Of(attempt, $" on {attempt.Host}");

    private static string Of(Attempt attempt, string on) => attempt.Outcome switch
    {
        AttemptOutcome.Finished => $"done in {Of(attempt.Duration!.Value)}{on}",
        AttemptOutcome.Interrupted => $"interrupted after {Of(attempt.Duration!.Value)}{on}",
        AttemptOutcome.Failed => $"{(attempt.IsRefusal ? "refused" : "failed")} after {Of(attempt.Duration!.Value)}{(attempt.IsRefusal ? "" : $" with exit code {attempt.ExitCode}")}{on}{(attempt.Reason is { } reason ? $": {reason}" : "")}",
        _ => "running",
    };
}
