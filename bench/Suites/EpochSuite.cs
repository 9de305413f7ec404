using BenchmarkDotNet.Attributes;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using static TorchSharp.torch;

namespace FreezeBench.Benchmarks.Suites;

/// <summary>
/// Time of one training epoch under every policy, data pipeline included.
/// </summary>
/// <remarks>
/// Inside the clock: drawing the shuffle, and for every step the gather and transform of the batch, zero_grad, forward,
/// loss and hits, backward, optimizer; the wait for the device; reading loss and hits to the host. Outside: loading,
/// building the network, evaluation, and for <c>frozen-cached</c> the extraction of features, which is a row of its own
/// because it is paid once, not once an epoch.
/// </remarks>
public class EpochSuite : Suite
{
    private int epoch;
    private Batch? batch;

    protected override string SuiteName => SuiteNames.Epoch;

    public override IEnumerable<string> PolicyNames => Settings.Policies;

    /// <summary>One epoch.</summary>
    [Benchmark]
    public void Epoch()
    {
        Running(nameof(Epoch));
        var result = Trainer.TrainEpoch(epoch++);
        Keep(CasePhases.Steps, result.StepsDuration.TotalMilliseconds);
        Keep(CasePhases.DataWait, result.DataDuration.TotalMilliseconds);
    }

    /// <summary>One pass of the frozen backbone over the images of an epoch: what caching costs, once.</summary>
    [Benchmark]
    public void FeatureExtraction()
    {
        Running(nameof(FeatureExtraction));
        Trainer.ExtractFeatures();
    }

    /// <summary>
    /// The same pass and its floor in turn, in one process: as many forward passes of the backbone, without gradients, on a
    /// batch that is ready. What is between the two is the price of gathering, transforming and keeping.
    /// </summary>
    [Benchmark]
    public void ExtractionAndFloor()
    {
        Running(nameof(ExtractionAndFloor));
        batch ??= Trainer.LoadImagesOfExtraction();
        Keep(CasePhases.PairedExtraction, Trainer.ExtractFeatures().TotalMilliseconds);
        var start = Clock.Now();
        Trainer.Network.Eval();
        using (no_grad())
            for (var step = 0; step < Trainer.StepsPerExtraction; step++)
            {
                using var scope = NewDisposeScope();
                Trainer.Network.ForwardFeatures(batch.Value.Inputs);
            }
        Keep(CasePhases.PairedForwardPass, Clock.Since(start).TotalMilliseconds);
    }

    /// <summary>Whether a method is measured for a policy: only a caching policy extracts features.</summary>
    public static bool Measures(string method, FreezingPolicy policy) =>
        method is not (nameof(FeatureExtraction) or nameof(ExtractionAndFloor)) || policy.CachesFeatures;
}
