using System.Runtime.InteropServices;
using FreezeBench.Accuracy.Options;
using FreezeBench.Accuracy.Runs;
using FreezeBench.Features;
using FreezeBench.Fitting;
using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Results.Ends;
using FreezeBench.Results.Rows;
using FreezeBench.Torch.Hardware;
using FreezeBench.Training;

namespace FreezeBench.Accuracy.Estimating;

/// <summary>Measures the parts of a training on the device: some steps of the asked size, an extraction and an evaluation of a few images.</summary>
/// <param name="settings">Of the command.</param>
/// <param name="session">With the device.</param>
/// <param name="data">Of which the first images are used; not owned.</param>
/// <param name="stop">Ends it between two steps.</param>
internal sealed class CostMeasurement(AccuracySettings settings, RunSession session, AccuracyData data, CancellationToken stop)
{
    // A part that takes longer is steady after one call; a shorter one is repeated until all its calls have taken as long as
    // single slow ones no longer decide the median.
    private static readonly TimeSpan enough = TimeSpan.FromSeconds(2);
    private const int Most = 50;
    private const int Batches = 2;

    private readonly DeviceClock clock = new(data.Training.Device);

    private int ImagesOfAPart => Batches * Math.Max(settings.BatchSize, ExtractionBatch.Size(settings.BatchSize, ResolutionPx, session.Device.Type));

    private int ResolutionPx => settings.ResolutionOf(data.Training);

    /// <exception cref="UserErrorException">A batch does not fit into the device's memory.</exception>
    internal PolicyCost Of(KernelSet kernels, FreezingPolicy policy)
    {
        if (Shortage(policy).Foreseen() is { } foreseen)
            throw foreseen;
        NativeEnd.Advise(OptionNames.Fill(Shortage(policy).Untold()));
        try
        {
            return Measured(kernels, policy);
        }
        catch (ExternalException e) when (FullMemory.Is(e))
        {
            throw Shortage(policy).ToError(e);
        }
    }

    /// <summary>What a head costs that is found once: it is, on the features of the first images.</summary>
    /// <exception cref="UserErrorException">The network's head is none that this kind can be.</exception>
    internal HeadCost OfHead(KernelSet kernels, HeadKind kind)
    {
        kernels.PrepareProcess();
        using ImageSet training = First(data.Training, ImagesOfAPart), test = First(data.Test, settings.BatchSize);
        // The first is the one that warms up.
        EpochOutcome Found()
        {
            stop.ThrowIfCancellationRequested();
            using var run = new TrainingRun(new TrainingRunOptions
            {
                Network = settings.Network,
                Kernels = kernels,
                Strategy = Strategy.Of(FreezingPolicy.FrozenCached),
                Training = training,
                Test = test,
                ResolutionPx = ResolutionPx,
                MemoryFormat = settings.MemoryFormatOf(kernels, session.Device),
                Precision = session.Precision,
                BatchSize = settings.BatchSize,
                Seed = settings.Seeds[0],
                Epochs = 1,
                Head = kind,
                RecipeFor = settings.RecipeFor,
            });
            return run.NextEpoch();
        }
        _ = Found();
        var outcome = Found();
        // The test images' extraction is in the evaluation, at the price that the training images' had.
        var extraction = outcome.FeatureExtractionTime / training.Count * test.Count;
        return new HeadCost(
            training.Count, test.Count, (outcome.TrainTime - outcome.FeatureExtractionTime).TotalSeconds, Math.Max(0, (outcome.EvaluationTime - extraction).TotalSeconds),
            AsksAllImages: kind == HeadKind.Knn);
    }

    private PolicyCost Measured(KernelSet kernels, FreezingPolicy policy)
    {
        kernels.PrepareProcess();
        var recipe = settings.RecipeFor(policy);
        using ImageSet training = First(data.Training, ImagesOfAPart), test = First(data.Test, settings.BatchSize);
        var start = clock.Now();
        using var trainer = new Trainer(settings.Network, policy, training, ResolutionPx, settings.MemoryFormatOf(kernels, session.Device),
            recipe.Options(settings.BatchSize, settings.Seeds[0], epochs: 1) with { Precision = session.Precision, Kernels = kernels });
        var setUp = clock.Since(start).TotalSeconds;
        var extraction = policy.CachesFeatures ? Seconds(_ => trainer.ExtractFeatures()) / training.Count : 0;
        trainer.Shuffle(0);
        var full = trainer.FullStepsPerEpoch;
        var step = Seconds(number => trainer.Step(full > 0 ? number % full : 0, NoObserver.Instance)) / (full > 0 ? settings.BatchSize : training.Count);
        // The first evaluation of cached features extracts them, and is the one that warms up.
        var evaluation = Seconds(_ => trainer.Evaluate(test)) / test.Count;
        return new PolicyCost(step, evaluation, extraction, setUp);
    }

    private MemoryShortage Shortage(FreezingPolicy policy) => RunBatch.ShortageOf(policy, settings, data.Training, session.Device, session.Precision, session.Memory);

    /// <summary>The median time of a call after one that warms up.</summary>
    private double Seconds(Action<int> call)
    {
        TimeSpan Timed(int number)
        {
            stop.ThrowIfCancellationRequested();
            var start = clock.Now();
            call(number);
            return clock.Since(start);
        }

        var spent = Timed(0);
        List<double> times = [];
        while (times.Count < 1 || (spent < enough && times.Count < Most))
        {
            var time = Timed(times.Count + 1);
            spent += time;
            times.Add(time.TotalSeconds);
        }
        return Results.Statistics.SampleSummary.Of(times).Median;
    }

    private static ImageSet First(ImageSet set, int count) => set.Select([.. Enumerable.Range(0, Math.Min(count, set.Count)).Select(index => (long)index)]);
}
