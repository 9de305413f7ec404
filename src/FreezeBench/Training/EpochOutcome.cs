using FreezeBench.Features;
using FreezeBench.Freezing;
using FreezeBench.Optimizing;
using FreezeBench.Results.Machine;

namespace FreezeBench.Training;

/// <summary>One epoch of a run and the evaluation after it.</summary>
public sealed record EpochOutcome
{
    /// <summary>1 for the run's first; counted through all phases.</summary>
    public required int Epoch { get; init; }

    /// <summary>The policy in force.</summary>
    public required FreezingPolicy Policy { get; init; }

    /// <summary>The recipe in force, its learning rates multiplied with the phase's factor, before the schedule.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>The learning rates of the epoch's first step, after the schedule; 0 where there are no steps.</summary>
    public required LearningRates LearningRates { get; init; }

    /// <summary>Strength of the L2 penalty of a head by logistic regression; null for other heads.</summary>
    public double? HeadL2 { get; init; }

    /// <summary>Loss (smoothed, where the recipe smooths) and hits while the weights were moving; of a head that is not trained in steps those of the head that was found, <see cref="HeadFit.TrainingPass"/>.</summary>
    public required PassResult Train { get; init; }

    /// <summary>Loss and hits of the epoch's final weights on the test set.</summary>
    public required PassResult Test { get; init; }

    /// <summary>Feature extraction of the training set, if there was one in this epoch, and the epoch; no evaluation.</summary>
    public required TimeSpan TrainTime { get; init; }

    /// <summary>
    /// The part of <see cref="TrainTime"/> that went into features: in the first epoch of a phase that caches them, and in the
    /// first one after a restore; otherwise 0. Where they came from disk, the time that reading took.
    /// </summary>
    public required TimeSpan FeatureExtractionTime { get; init; }

    /// <summary>Where the training set's features came from in this epoch; null where it fetched none.</summary>
    public required FeatureOrigin? Features { get; init; }

    /// <summary>
    /// The part of <see cref="TrainTime"/> in which steps, and the extraction of features, waited for their batches: on CUDA as far
    /// as the host waits.
    /// </summary>
    public required TimeSpan DataTime { get; init; }

    /// <summary>Energy of what <see cref="TrainTime"/> times, in J; null: unknown.</summary>
    public double? EnergyJ { get; init; }

    /// <summary>Who told the energy: a word of <see cref="EnergyMeter.Sources"/>.</summary>
    public string EnergySource { get; init; } = Unknown.Text;

    /// <summary>The pass over the test set, and over the training set where the head is not trained in steps, its feature extraction included where there was one.</summary>
    public required TimeSpan EvaluationTime { get; init; }

    /// <summary>
    /// Largest change of a running mean of the frozen part since the phase began; null where nothing is frozen, since nothing
    /// could drift unnoticed there.
    /// </summary>
    public required double? BatchNormDrift { get; init; }
}
