using BenchmarkDotNet.Attributes;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using FreezeBench.Measurement;
using FreezeBench.Training;
using static TorchSharp.torch;

namespace FreezeBench.Benchmarks.Suites;

/// <summary>Cost of one training step under every policy: whole, and phase by phase.</summary>
/// <remarks>
/// <see cref="Step"/> is a step as it is trained, with one wait for the device at its end. <see cref="Phases"/> is the same
/// step with a wait at the end of every phase, so that each phase's work is in its own time; all six come from the same
/// steps, so they can be added and divided. Outside the clock: everything before the first step.
/// </remarks>
public class StepSuite : Suite
{
    private int step;
    private PhaseRecorder? recorder;
    private Batch? batch;

    protected override string SuiteName => SuiteNames.Step;

    public override IEnumerable<string> PolicyNames => Settings.Policies;

    /// <summary>One step, undisturbed.</summary>
    [Benchmark]
    public void Step()
    {
        Running(nameof(Step));
        Trainer.Step(NextStep(), Undisturbed);
        Clock.Synchronise();
    }

    /// <summary>One step, its phases timed apart.</summary>
    [Benchmark]
    public void Phases()
    {
        Running(nameof(Phases));
        recorder ??= new PhaseRecorder(Clock);
        Trainer.Step(NextStep(), recorder);
        KeepPhases(recorder);
    }

    /// <summary>The forward pass alone, in eval mode without a graph, on one batch that stays on the device.</summary>
    [Benchmark]
    public void NoGradForward()
    {
        Running(nameof(NoGradForward));
        batch ??= Trainer.LoadImages();
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        Trainer.Network.Eval();
        Trainer.Network.Forward(batch.Value.Inputs);
        Clock.Synchronise();
    }

    /// <summary>Whether a method is measured for a policy: the reference forward is the same network for all, so once.</summary>
    public static bool Measures(string method, FreezingPolicy policy) => method != nameof(NoGradForward) || policy == FreezingPolicy.Frozen;

    // Whole batches only: a row says how many images a step has.
    private int NextStep() => step++ % Trainer.FullStepsPerEpoch;
}
