using FreezeBench.Freezing;

namespace FreezeBench.Training;

/// <summary>A part of a run under one policy, with an optimizer and a schedule of its own.</summary>
/// <param name="Policy">What trains.</param>
/// <param name="Epochs">How long, 1 or more: the schedule's length.</param>
/// <param name="RateFactor">What the learning rates of the policy's recipe are multiplied with.</param>
public sealed record TrainingPhase(FreezingPolicy Policy, int Epochs, double RateFactor);
