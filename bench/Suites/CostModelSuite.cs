using BenchmarkDotNet.Attributes;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Benchmarks.Layers;
using FreezeBench.Freezing;
using FreezeBench.Images.Formats;
using FreezeBench.Networks.Catalog;
using FreezeBench.Torch.Hardware;
using FreezeBench.Training;

namespace FreezeBench.Benchmarks.Suites;

/// <summary>
/// What an epoch's time is made of: how it grows with its images, and how much of a step is not libtorch's work on the images.
/// Each question is asked in one process, in turn: from process to process the same step differs by more than the answers.
/// </summary>
public class CostModelSuite : Suite
{
    // Neither size is that of the network's input, so that the resize is called where the case calls it.
    private const int OtherStoredPx = 24;

    private int call;
    private Trainer? thin;
    private OverheadClock? overhead;
    private IReadOnlyList<Trainer>? epochs;

    /// <summary>The step that <see cref="CasePhases.HarnessOverhead"/> times: two images, the fewest that BatchNorm takes.</summary>
    public static CaseSize OverheadSize { get; } = new(2, CifarFiles.SizePx);

    protected override string SuiteName => SuiteNames.Scaling;

    protected override bool MayShrink => false;

    public override IEnumerable<string> PolicyNames => Settings.ScalingPolicies;

    /// <summary>Lengths of the epochs: one batch, a quarter, half and all of an epoch of four batches at least.</summary>
    /// <remarks>Whole batches only: a smaller last one costs as much as its images and its calls, and lies on no line.</remarks>
    public static IReadOnlyList<int> EpochLengths(int batchSize, int imagesPerEpoch)
    {
        var batches = Math.Max(4, imagesPerEpoch / batchSize);
        return [.. new[] { 1, batches / 4, batches / 2, batches }.Distinct().Select(count => count * batchSize)];
    }

    /// <summary>One epoch of every length, as in <see cref="EpochSuite.Epoch"/>.</summary>
    [Benchmark]
    public void EpochsInTurn()
    {
        Running(nameof(EpochsInTurn));
        epochs ??= [.. EpochLengths(Settings.BatchSize, Settings.ImagesPerEpoch).Select(TrainerOf)];
        // Up and down in turn: a machine that gets slower or faster meanwhile does so for long and short epochs alike.
        foreach (var trainer in call % 2 == 0 ? epochs : epochs.Reverse())
            Keep(CasePhases.EpochOf(trainer.ImagesPerEpoch), trainer.TrainEpoch(call).Duration.TotalMilliseconds);
        call++;
    }

    /// <summary>
    /// A step on a network as deep, but 8 channels wide, with two images, and a step of the case. Both run the same code, with
    /// the same calls into libtorch; the first has nearly no arithmetic, and its time outside of the calls that do the layers'
    /// work and the backward pass (<see cref="OverheadClock"/>) bounds what is not libtorch's work.
    /// </summary>
    [Benchmark]
    public void OverheadAndStep()
    {
        Running(nameof(OverheadAndStep));
        thin ??= Ready(
            Network.Thin ?? throw new InvalidOperationException($"{Network} has no thin form."),
            Own(SyntheticImages.Create(
                OverheadSize.BatchSize, Settings.ResolutionPx == CifarFiles.SizePx ? OverheadSize.ResolutionPx : OtherStoredPx,
                BenchmarkData.SyntheticClasses, seed: 1, Device)),
            OverheadSize);
        if (overhead is null)
        {
            overhead = new OverheadClock(OverheadClock.EmptyCallTicks(), OverheadClock.EmptyFunctionTicks(), DeviceClock.HostNow);
            thin.Observe(overhead);
        }
        using (new LayerHooks(thin.Network, overhead, backward: null))
        {
            Clock.Synchronise();
            thin.Step(0, overhead);
        }
        Keep(CasePhases.HarnessOverhead, overhead.LastMs);
        var start = Clock.Now();
        Trainer.Step(call++ % Trainer.FullStepsPerEpoch, NoObserver.Instance);
        Keep(CasePhases.PairedStep, Clock.Since(start).TotalMilliseconds);
    }

    /// <summary>Whether a method is measured for a policy: the overhead where the network has a thin form.</summary>
    public static bool Measures(string method, FreezingPolicy policy) => method != nameof(OverheadAndStep) || Network.Thin is not null;

    private Trainer TrainerOf(int images) => Ready(Network, Own(BenchmarkData.Load(Settings, images, Device)), Settings.Size);
}
