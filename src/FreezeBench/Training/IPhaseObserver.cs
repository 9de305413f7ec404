namespace FreezeBench.Training;

/// <summary>Told at the end of each phase of a step; how phases are timed without a second copy of the step.</summary>
public interface IPhaseObserver
{
    /// <summary>A step begins: the next event is the end of <see cref="StepPhase.Data"/>.</summary>
    void StepBegins();

    /// <summary>The host has issued the phase's work; on a GPU the work itself may still be running.</summary>
    void PhaseEnds(StepPhase phase);
}

/// <summary>Observes nothing: a step as it is trained, with no synchronisation inside.</summary>
public sealed class NoObserver : IPhaseObserver
{
    /// <summary>The one instance.</summary>
    public static NoObserver Instance { get; } = new();

    private NoObserver()
    {
    }

    /// <inheritdoc/>
    public void StepBegins()
    {
    }

    /// <inheritdoc/>
    public void PhaseEnds(StepPhase phase)
    {
    }
}
