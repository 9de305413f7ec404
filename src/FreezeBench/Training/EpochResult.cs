using FreezeBench.Images.Sets;

namespace FreezeBench.Training;

/// <summary>One pass over the training set.</summary>
/// <param name="Training">Loss and hits while the weights were moving, so not those of the final weights.</param>
/// <param name="Duration">From before the shuffle until the device has finished and the totals are read; no evaluation.</param>
/// <param name="StepsDuration">The part of <paramref name="Duration"/> spent in the steps, the wait for the device included.</param>
/// <param name="DataDuration">The part of <paramref name="StepsDuration"/> in which steps waited for their batch (<see cref="BatchSource.TimeLoading"/>).</param>
public sealed record EpochResult(PassResult Training, TimeSpan Duration, TimeSpan StepsDuration, TimeSpan DataDuration);
