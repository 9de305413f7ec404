using System.Diagnostics;

namespace FreezeBench.Accuracy.Output;

/// <summary>How long a run will still take, by the epochs that it has done.</summary>
public sealed class RunClock
{
    private int epochsLeft;
    private long lastEpochAt;
    private TimeSpan lastEpoch;

    /// <summary>Until the run's end; null before its first epoch has ended.</summary>
    /// <remarks>By the last epoch alone: the first one of frozen-cached extracts features and would mislead for long.</remarks>
    public TimeSpan? Remaining => lastEpoch == TimeSpan.Zero ? null : lastEpoch * epochsLeft;

    /// <summary>A run begins.</summary>
    /// <param name="epochs">That are to be trained.</param>
    public void Begins(int epochs) => (epochsLeft, lastEpochAt, lastEpoch) = (epochs, Stopwatch.GetTimestamp(), TimeSpan.Zero);

    /// <summary>An epoch ended, its evaluation too.</summary>
    public void EpochEnded()
    {
        lastEpoch = Stopwatch.GetElapsedTime(lastEpochAt);
        lastEpochAt = Stopwatch.GetTimestamp();
        epochsLeft--;
    }
}
