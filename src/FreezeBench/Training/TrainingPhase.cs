using FreezeBench.Freezing;

namespace FreezeBench.Training;

/// <summary>A part of a run under one policy, with an optimizer and a schedule of its own.</summary>
/// <param name="Policy">What trains.</param>
/// <param name="Epochs">How long, 1 or more: the schedule's length, unless the phase continues one.</param>
/// <param name="RateFactor">What the learning rates of the policy's recipe are multiplied with.</param>
public sealed record TrainingPhase(FreezingPolicy Policy, int Epochs, double RateFactor)
{
    /// <summary>Whose recipe it trains by.</summary>
    public FreezingPolicy RecipePolicy { get; init; } = Policy;

    /// <summary>Whether it goes on with the optimizer's memory and the schedule of the phase before: what trains now trained then, and more.</summary>
    public bool Continues { get; init; }

    /// <summary>Length of the schedule that it is a part of; null: its own epochs.</summary>
    public int? ScheduleEpochs { get; init; }

    /// <summary>Epochs of that schedule before this phase.</summary>
    public int ScheduleOffset { get; init; }
}
