
namespace FreezeBench.Training;

/// <summary>The parts of one training step, in the order in which they run.</summary>
public enum StepPhase
{
    /// <summary>Gather the batch on the device, resize and normalise it; for cached features the gather alone.</summary>
    Data,

    /// <summary>Drop the gradients of the step before (set to null, as PyTorch does by default).</summary>
    ZeroGrad,

    /// <summary>The network, from batch to logits.</summary>
    Forward,

    /// <summary>Cross-entropy, and the running totals of loss and hits.</summary>
    Loss,

    /// <summary>Gradients of every parameter that trains.</summary>
    Backward,

    /// <summary>The optimizer's update; where gradients are scaled, also their unscaling and check, and the scale's update.</summary>
    Optimizer,
}

/// <summary>The names of the phases in CSV files and tables.</summary>
public static class StepPhases
{
    /// <summary>Every phase in running order.</summary>
    public static IReadOnlyList<StepPhase> All { get; } = Enum.GetValues<StepPhase>();

    /// <summary>The name in CSV files: snake_case.</summary>
    public static string Name(this StepPhase phase) => phase switch
    {
        StepPhase.Data => "data",
        StepPhase.ZeroGrad => "zero_grad",
        StepPhase.Forward => "forward",
        StepPhase.Loss => "loss",
        StepPhase.Backward => "backward",
        StepPhase.Optimizer => "optimizer",
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, "No such phase."),
    };
}
