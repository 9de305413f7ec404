using FreezeBench.Data;
using FreezeBench.Freezing;
using FreezeBench.Models;
using FreezeBench.Native;
using FreezeBench.Results;
using FreezeBench.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Training;

/// <summary>A network, its policy, its optimizer and its data, ready to train step by step or epoch by epoch.</summary>
public sealed class Trainer : IDisposable
{
    // The head's name in torchvision's state dicts.
    private const string HeadName = "fc";

    private readonly TrainingOptions options;
    private readonly ImageTransform transform;
    private readonly BatchSource images;
    private readonly BatchSource stored;
    private readonly ImageSet data;
    private readonly RunningTotals totals;
    private readonly optim.Optimizer optimizer;
    private readonly DeviceClock clock;
    private FeatureBatches? features;
    private BatchSource? testBatches;
    private ImageSet? tested;
    private TrainingStep? step;

    /// <summary>Builds the network, moves it to the data's device and applies the policy.</summary>
    /// <param name="shape">Architecture.</param>
    /// <param name="policy">What trains.</param>
    /// <param name="data">Training images; not owned.</param>
    /// <param name="resolutionPx">Height and width that the network sees, in pixels.</param>
    /// <param name="memoryFormat">Strides of weights and batches.</param>
    /// <param name="options">Already validated.</param>
    /// <param name="weights">
    /// What the network starts from: a state dict with torchvision's names, whose head is taken only where it has as many
    /// classes as the data; null for fresh weights from the seed.
    /// </param>
    /// <param name="statistics">What the inputs are normalised with: the weights' own; null: ImageNet's.</param>
    /// <exception cref="UserErrorException">
    /// The weights do not fit the network, and every entry that does not is named; or the policy does not go with the augmentation.
    /// </exception>
    public Trainer(
        ResNetShape shape, FreezingPolicy policy, ImageSet data, int resolutionPx, MemoryFormat memoryFormat, TrainingOptions options,
        StateDictFile? weights = null, ChannelStatistics? statistics = null)
    {
        AugmentationConflict.ThrowIfAny(policy, options.Augmentation);
        (this.data, this.options) = (data, options);
        clock = new DeviceClock(data.Device);
        Network = CreateNetwork(shape, policy, data, memoryFormat, options.Seed, weights);
        // The policy is applied by now: an optimizer built before would go on moving what is frozen.
        optimizer = optim.SGD(Network.TrainableParameters, options.LearningRate, options.Momentum, weight_decay: options.WeightDecay);
        totals = new RunningTotals(data.Device);
        transform = new ImageTransform(resolutionPx, memoryFormat, data.Device, statistics);
        images = data.Batches(transform, options.BatchSize, options.Augmentation);
        // Never shuffled, never augmented: row i of the cached features has to be image i as it is.
        stored = data.Batches(transform, options.BatchSize, Augmentation.None);
    }

    /// <summary>The network under its policy.</summary>
    public PolicyNetwork Network { get; }

    /// <summary>Whether features still have to be extracted before the first step (<see cref="ExtractFeatures"/>).</summary>
    public bool NeedsFeatures => Network.Policy.CachesFeatures && features is null;

    /// <summary>Images of one epoch.</summary>
    public int ImagesPerEpoch => images.Count;

    /// <summary>Steps of one epoch, a smaller last one included.</summary>
    public int StepsPerEpoch => images.StepsPerEpoch;

    /// <summary>Steps of one epoch that have a whole batch.</summary>
    public int FullStepsPerEpoch => images.Count / options.BatchSize;

    /// <summary>One pass of the frozen backbone over the training images; afterwards steps see features instead of images.</summary>
    /// <remarks>They come in stored order until the next <see cref="Shuffle"/>.</remarks>
    /// <returns>The time it took, the wait for the device included.</returns>
    /// <exception cref="InvalidOperationException">The policy does not cache features.</exception>
    public TimeSpan ExtractFeatures()
    {
        if (!Network.Policy.CachesFeatures)
            throw new InvalidOperationException($"Policy '{Network.Policy.Name}' trains on images; only a policy that caches features extracts them.");
        var start = clock.Now();
        features?.Dispose();
        features = new FeatureBatches(FeatureExtraction.Extract(Network, stored), data.Labels, options.BatchSize);
        step = null;
        return clock.Since(start);
    }

    /// <summary>Draws the order of an epoch; <see cref="TrainEpoch"/> does it by itself.</summary>
    /// <param name="epoch">0 for the first; part of the shuffle's seed.</param>
    /// <exception cref="InvalidOperationException">Features are needed and were not extracted.</exception>
    public void Shuffle(int epoch)
    {
        // The order would be that of the images, which no step sees.
        ThrowIfFeaturesAreMissing();
        Source.Shuffle(options.Seed, epoch);
    }

    /// <summary>A batch of images as <see cref="PolicyNetwork.Forward"/> takes it, also where steps see features.</summary>
    /// <returns>The first batch in stored order; the caller disposes it.</returns>
    public Batch LoadImages() => stored.Load(0);

    /// <summary>One training step on the batch of that number in the current order.</summary>
    /// <param name="number">0 .. <see cref="StepsPerEpoch"/> - 1.</param>
    /// <param name="observer">Told at the end of every phase.</param>
    public void Step(int number, IPhaseObserver observer) => CurrentStep().Run(number, observer);

    /// <summary>Shuffles by seed and epoch, then one step for every batch.</summary>
    /// <param name="epoch">0 for the first; part of the shuffle's seed.</param>
    /// <exception cref="InvalidOperationException">Features are needed and were not extracted.</exception>
    public EpochResult TrainEpoch(int epoch)
    {
        var current = CurrentStep();
        var start = clock.Now();
        Shuffle(epoch);
        totals.Reset();
        var stepsStart = DeviceClock.HostNow();
        for (var number = 0; number < StepsPerEpoch; number++)
            current.Run(number, NoObserver.Instance);
        var stepsDuration = clock.Since(stepsStart);
        var result = totals.Read();
        return new EpochResult(result, clock.Since(start), stepsDuration);
    }

    /// <summary>Loss and accuracy of the weights as they are, in eval mode and without a graph.</summary>
    /// <remarks>A policy that caches features extracts those of the test set at the first call and keeps them too.</remarks>
    /// <param name="test">Images on the same device, the same at every call; transformed as the training images are without augmentation.</param>
    public PassResult Evaluate(ImageSet test)
    {
        if (tested is not null && tested != test)
            throw new ArgumentException("Another test set than at the call before: its cached features would be the wrong ones.", nameof(test));
        tested = test;
        testBatches ??= test.Batches(transform, options.BatchSize, Augmentation.None);
        if (Network.Policy.CachesFeatures && testBatches is not FeatureBatches)
        {
            var extracted = new FeatureBatches(FeatureExtraction.Extract(Network, testBatches), test.Labels, options.BatchSize);
            testBatches.Dispose();
            testBatches = extracted;
        }
        return Evaluation.Run(Network, testBatches);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        features?.Dispose();
        testBatches?.Dispose();
        images.Dispose();
        stored.Dispose();
        transform.Dispose();
        totals.Dispose();
        optimizer.Dispose();
        Network.Network.Dispose();
    }

    private BatchSource Source => features ?? (BatchSource)images;

    private TrainingStep CurrentStep()
    {
        ThrowIfFeaturesAreMissing();
        return step ??= new TrainingStep(Network, optimizer, Source, totals);
    }

    private void ThrowIfFeaturesAreMissing()
    {
        if (NeedsFeatures)
            throw new InvalidOperationException($"Policy '{Network.Policy.Name}' needs {nameof(ExtractFeatures)} before the first step.");
    }

    private static PolicyNetwork CreateNetwork(ResNetShape shape, FreezingPolicy policy, ImageSet data, MemoryFormat memoryFormat, long seed, StateDictFile? weights)
    {
        // Drawn on the CPU and moved: the same seed gives the same weights on every device.
        manual_seed(seed);
        var network = new ResNet(shape, data.Classes);
        if (weights is not null)
            StateDictLoader.Load(network, weights, HeadName);
        network.to(data.Device);
        memoryFormat.ApplyTo(network);
        return new PolicyNetwork(network, policy);
    }
}
