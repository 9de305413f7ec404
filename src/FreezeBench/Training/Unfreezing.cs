using FreezeBench.Freezing;

namespace FreezeBench.Training;

/// <summary>
/// Gradual unfreezing (Howard and Ruder, "Universal Language Model Fine-tuning for Text Classification", 2018, section 3.3): first the head alone, then one
/// stage of the backbone more after every so many epochs, the last first, until all trains that the policy trains.
/// </summary>
/// <param name="Every">Epochs from one stage to the next, 1 or more.</param>
/// <param name="Stages">Names of the network's stages, the head's last.</param>
public sealed record Unfreezing(int Every, IReadOnlyList<string> Stages)
{
    /// <summary>The phases of a run: one schedule over all of them, and one optimizer, whose memory goes on.</summary>
    /// <param name="policy">Trains everything from some stage on (<see cref="FreezingPolicy.TrainsToTheHead"/>).</param>
    /// <param name="epochs">Of the run, 1 or more. Where they are too few, the last stages stay frozen.</param>
    internal IReadOnlyList<TrainingPhase> Phases(FreezingPolicy policy, int epochs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Every, 1);
        var (first, head) = (policy.FirstTrained(Stages), Stages.Count - 1);
        List<TrainingPhase> phases = [];
        for (var (stage, done) = (head, 0); stage >= first && done < epochs; stage--)
        {
            var length = stage == first ? epochs - done : Math.Min(Every, epochs - done);
            var inForce = stage == first ? policy : stage == head ? FreezingPolicy.Frozen : FreezingPolicy.From(Stages[stage]);
            phases.Add(new TrainingPhase(inForce, length, 1) { RecipePolicy = policy, Continues = done > 0, ScheduleEpochs = epochs, ScheduleOffset = done });
            done += length;
        }
        return phases;
    }
}
