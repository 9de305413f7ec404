using FreezeBench.Results.Machine;

namespace FreezeBench.Results.Rows;

/// <summary>What every row of a training run says: which run it is, of what code, machine, data and settings.</summary>
/// <remarks>The summaries are what results/COLUMNS.md shows.</remarks>
public abstract record TrainingRow : LearntRow
{
    /// <summary>Whose layers and optimizer steps: plain (what a user's code costs: the framework's layers as they are, one optimizer call for each parameter) or fast
    /// (FreezeBench's own: folded BatchNorm, prepacked weights, gradients by taps, one optimizer call for many parameters). Rows from before the column are fast, those of a twin plain.</summary>
    public required KernelKind Kernels { get; init; }

    /// <summary>How the head was found: sgd (in steps, by the row's optimizer), lbfgs (logistic regression on cached features) or knn (votes of the nearest training images). Rows
    /// from before the column are sgd.</summary>
    public HeadKind Head { get; init; }

    /// <summary>Training images of each class, where so many were drawn by the seed (--shots); unknown where they were not.</summary>
    [Unit("images")]
    public int? Shots { get; init; }

    /// <summary>Classes trained on, as asked for: all, how many from the first, or their names.</summary>
    public required string ClassSelection { get; init; }

    /// <summary>Epochs the run was asked for.</summary>
    [Unit("epochs")]
    public required int Epochs { get; init; }

    /// <summary>Images per step. The last step of an epoch has what is left; one image that is left alone joins the step before.</summary>
    [Unit("images")]
    public required int BatchSize { get; init; }

    /// <summary>Arithmetic: fp32, tf32, bf16 or fp16.</summary>
    public required string Precision { get; init; }

    /// <summary>Whether only deterministic algorithms were used.</summary>
    public required bool Deterministic { get; init; }

    /// <summary>Who told the energy, whoever used it: nvml (the counter of the whole GPU), nvml-power (of a GPU without one: its power, sampled and summed), rapl (the CPU
    /// packages, memory apart); unknown where nobody did or this user may not ask.</summary>
    public string EnergySource { get; init; } = Unknown.Text;
}
