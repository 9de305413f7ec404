using FreezeBench.Results.Rows;

namespace FreezeBench.Accuracy.Output;

/// <summary>How long a run will still take: by its steps until its first epoch has ended, then by its last epoch.</summary>
/// <param name="time">What tells the time.</param>
public sealed class RunClock(TimeProvider? time = null)
{
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private int epochsLeft;
    private long lastEpochAt;
    private long firstStepAt;
    private TimeSpan lastEpoch;
    private TimeSpan step;
    private int stepsLeft;
    private int stepsPerEpoch;

    /// <summary>Until the run's end; null before its second step has ended.</summary>
    /// <remarks>
    /// Before the first epoch has ended without evaluations, which nobody has seen yet. The features that the first epoch of frozen-cached extracts, of
    /// training and test images, do not count: no later one does.
    /// </remarks>
    public TimeSpan? Remaining => lastEpoch != TimeSpan.Zero ? lastEpoch * epochsLeft
        : step != TimeSpan.Zero ? step * (stepsLeft + ((double)(epochsLeft - 1) * stepsPerEpoch))
        : null;

    /// <summary>Since the run began, or its last epoch ended.</summary>
    public TimeSpan SinceEpoch => time.GetElapsedTime(lastEpochAt);

    /// <summary>A run begins.</summary>
    /// <param name="epochs">That are to be trained.</param>
    public void Begins(int epochs) => (epochsLeft, lastEpochAt, lastEpoch, step) = (epochs, time.GetTimestamp(), TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>A training step ended.</summary>
    /// <param name="done">1 for the epoch's first, which warms up and is not counted.</param>
    /// <param name="steps">Of the epoch.</param>
    public void StepEnded(int done, int steps)
    {
        (stepsLeft, stepsPerEpoch) = (steps - done, steps);
        if (done == 1)
            firstStepAt = time.GetTimestamp();
        else
            step = time.GetElapsedTime(firstStepAt) / (done - 1);
    }

    /// <summary>An epoch ended, its evaluation too.</summary>
    public void EpochEnded(AccuracyRow row)
    {
        lastEpoch = row.FeatureExtractionTimeS is > 0 and { } extraction ? TimeSpan.FromSeconds(Math.Max(0, row.TrainTimeS - extraction)) : SinceEpoch;
        lastEpochAt = time.GetTimestamp();
        epochsLeft--;
    }
}
