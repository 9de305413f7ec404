using System.Globalization;
using FreezeBench.Results.Verification;

namespace FreezeBench.Benchmarks.Verifying;

/// <summary>The time that all checks together have: who holds a card by the minute must know what a check of it costs.</summary>
/// <param name="total">From now on.</param>
/// <param name="time">Tells it.</param>
internal sealed class CheckBudget(TimeSpan total, TimeProvider time)
{
    private readonly long begin = time.GetTimestamp();

    /// <summary>Zero where it is spent.</summary>
    internal TimeSpan Left => total - time.GetElapsedTime(begin) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Whether nothing more may be begun.</summary>
    internal bool IsSpent => Left == TimeSpan.Zero;

    /// <summary>Of a check that it had no time for, or too little.</summary>
    /// <param name="begun">Whether the check was in its middle.</param>
    internal CheckFinding NotRun(bool begun) => CheckFinding.NotRun(
        string.Create(CultureInfo.InvariantCulture, $"budget: the {total.TotalMinutes:0.#} minutes of all checks were over {(begun ? "in the middle of it" : "before it")}"));
}
