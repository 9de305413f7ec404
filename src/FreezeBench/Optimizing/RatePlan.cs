namespace FreezeBench.Optimizing;

/// <summary>The learning rates of every step of a training, which follow from the step's number alone.</summary>
/// <param name="options">Already validated.</param>
/// <param name="stepsPerEpoch">A smaller last one included.</param>
/// <param name="backboneFrozen">The backbone's rate is 0 then.</param>
internal sealed class RatePlan(TrainingOptions options, int stepsPerEpoch, bool backboneFrozen)
{
    /// <param name="epoch"><see cref="TrainingOptions.FirstEpoch"/> for the first.</param>
    /// <param name="step">0 .. steps per epoch - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The schedule has no such epoch; a constant one has all from the first on.</exception>
    public LearningRates At(int epoch, int step)
    {
        ThrowIfNone(epoch);
        var factor = options.Schedule == LearningRateSchedule.Constant
            ? 1
            : options.Schedule.Factor(((epoch - options.FirstEpoch) * stepsPerEpoch) + step, options.Epochs * stepsPerEpoch, stepsPerEpoch);
        return new(factor * options.LearningRateHead, backboneFrozen ? 0 : factor * options.LearningRateBackbone);
    }

    /// <summary>Says before an epoch begins whether the schedule has it.</summary>
    /// <param name="epoch"><see cref="TrainingOptions.FirstEpoch"/> for the first.</param>
    /// <exception cref="ArgumentOutOfRangeException">The schedule has no such epoch; a constant one has all from the first on.</exception>
    public void ThrowIfNone(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epoch, options.FirstEpoch);
        if (options.Schedule != LearningRateSchedule.Constant)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(epoch, options.FirstEpoch + options.Epochs);
    }
}
