using System.Globalization;
using FreezeBench.Results.Verification;

namespace FreezeBench.Benchmarks.Verifying;

/// <summary>The time that all checks together have: who holds a card by the minute must know what a check of it costs.</summary>
internal sealed class CheckBudget
{
    private readonly TimeSpan total;
    private readonly TimeProvider time;
    private readonly long begin;
    private readonly TimeSpan kept;

    /// <param name="total">From now on.</param>
    /// <param name="time">Tells it.</param>
    internal CheckBudget(TimeSpan total, TimeProvider time) : this(total, time, time.GetTimestamp(), TimeSpan.Zero)
    {
    }

    private CheckBudget(TimeSpan total, TimeProvider time, long begin, TimeSpan kept) => (this.total, this.time, this.begin, this.kept) = (total, time, begin, kept);

    /// <summary>Zero where it is spent.</summary>
    internal TimeSpan Left => total - time.GetElapsedTime(begin) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Whether nothing more may be begun.</summary>
    internal bool IsSpent => Left == TimeSpan.Zero;

    /// <summary>The same for a check that is to leave some of it to those behind it.</summary>
    /// <param name="kept">How much.</param>
    internal CheckBudget Without(TimeSpan kept) => new(total - kept, time, begin, kept);

    /// <summary>Of a check that it had no time for, or too little.</summary>
    /// <param name="begun">Whether the check was in its middle.</param>
    /// <param name="left">What there is of it all the same, for the end of a sentence; null: nothing.</param>
    internal CheckFinding NotRun(bool begun, string? left = null) => CheckFinding.NotRun(string.Create(
        CultureInfo.InvariantCulture,
        $"budget: {(kept > TimeSpan.Zero ? $"without {kept.TotalSeconds:0} s for what comes behind it, " : "")}the {(total + kept).TotalMinutes:0.#} minutes of all checks were over {(begun ? "in the middle of it" : "before it")}{(left is null ? "" : $"; {left}")}"));
}
