using FreezeBench.Features;
using FreezeBench.Freezing;
using FreezeBench.Images;
using FreezeBench.Images.Decoding;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Kernels.Observing;
using FreezeBench.Kernels.Optimizing;
using FreezeBench.Networks;
using FreezeBench.Networks.Catalog;
using FreezeBench.Optimizing;
using FreezeBench.Results;
using FreezeBench.Torch.Hardware;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Loading;
using static TorchSharp.torch;

namespace FreezeBench.Training;

/// <summary>A network, its policy, its optimizer and its data, ready to train step by step or epoch by epoch.</summary>
public sealed class Trainer : IDisposable
{
    private readonly TrainingOptions options;
    private readonly ImageTransform transform;
    private readonly BatchSource images;
    private readonly BatchSource stored;
    private readonly BatchSource extracted;
    private readonly ImageSet data;
    private readonly RunningTotals totals;
    private readonly RateGroups groups;
    private readonly RatePlan ratePlan;
    private readonly DeviceClock clock;
    private readonly bool ownsNetwork;
    private readonly FeatureFetch fetch;
    private readonly TestPasses tests;
    private FeatureBatches? features;
    private TrainingStep? step;

    /// <summary>Builds the network, moves it to the data's device and applies the policy.</summary>
    /// <param name="network">Which.</param>
    /// <param name="policy">What trains.</param>
    /// <param name="data">Training images; not owned.</param>
    /// <param name="resolutionPx">Height and width that the network sees, in pixels.</param>
    /// <param name="memoryFormat">Strides of weights and batches.</param>
    /// <param name="options">Already validated.</param>
    /// <param name="weights">
    /// What the network starts from: a state dict with the network's names, whose head is taken only where it has as many
    /// classes as the data; null for fresh weights from the seed.
    /// </param>
    /// <param name="statistics">What the inputs are normalised with; null: what the weights' file says (<see cref="InputStatistics"/>), else ImageNet's.</param>
    /// <exception cref="UserErrorException">
    /// The weights do not fit the network, and every entry that does not is named; or the policy does not go with the augmentation.
    /// </exception>
    public Trainer(
        Network network, FreezingPolicy policy, ImageSet data, int resolutionPx, MemoryFormat memoryFormat, TrainingOptions options,
        StateDictFile? weights = null, ChannelStatistics? statistics = null)
        : this(InitialNetwork.Create(network, data.Classes, resolutionPx, options.Kernels, data.Device, memoryFormat, options.Seed, weights), policy, data, resolutionPx, memoryFormat, options, statistics ?? InputStatistics.Of(weights)) =>
        ownsNetwork = true;

    /// <summary>Puts a network that there is already under a policy, for a training that goes on from another.</summary>
    /// <param name="network">On the data's device and in the memory format; not owned.</param>
    /// <param name="policy">What trains.</param>
    /// <param name="data">Training images; not owned.</param>
    /// <param name="resolutionPx">Height and width that the network sees, in pixels.</param>
    /// <param name="memoryFormat">Strides of the batches.</param>
    /// <param name="options">Already validated.</param>
    /// <param name="statistics">What the inputs are normalised with: the weights' own; null: ImageNet's.</param>
    /// <param name="cache">Where a policy that caches features looks for them first; null: it extracts them.</param>
    /// <exception cref="UserErrorException">The policy does not go with the augmentation.</exception>
    public Trainer(
        INetwork network, FreezingPolicy policy, ImageSet data, int resolutionPx, MemoryFormat memoryFormat, TrainingOptions options,
        ChannelStatistics? statistics = null, FeatureCache? cache = null)
    {
        AugmentationConflict.ThrowIfAny(policy, options.Augmentation);
        (this.data, this.options) = (data, options);
        clock = new DeviceClock(data.Device);
        Network = new PolicyNetwork(network, policy, options.Precision);
        if (options.Kernels == KernelSet.Fast)
            Network.FoldFrozenPart();
        // The policy is applied by now: an optimizer built before would go on moving what is frozen.
        groups = new RateGroups(Network, options);
        Optimizer = options.Optimizer.Build(groups.All, options);
        Scaler = options.Precision.ScalesGradients ? new GradientScaler(data.Device) : null;
        totals = new RunningTotals(data.Device);
        transform = new ImageTransform(resolutionPx, memoryFormat, data.Device, statistics);
        fetch = new FeatureFetch(Network, transform, cache);
        images = data.Batches(transform, options.BatchSize, options.Augmentation);
        ratePlan = new RatePlan(options, images.StepsPerEpoch, policy.BackboneFrozen);
        // Never shuffled, never augmented: row i of the cached features has to be image i as it is.
        stored = data.Batches(transform, options.BatchSize, Augmentation.None);
        var extractionBatch = ExtractionBatch.Size(options.BatchSize, resolutionPx, data.Device.type);
        extracted = data.Batches(transform, extractionBatch, Augmentation.None);
        tests = new TestPasses(Network, transform, fetch, options.BatchSize, extractionBatch);
    }

    /// <summary>The network under its policy.</summary>
    public PolicyNetwork Network { get; }

    /// <summary>The optimizer of what trains; its state is what a checkpoint keeps beside the network.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>What keeps gradients in float16's range; null in every other precision. Its state belongs to the checkpoint too.</summary>
    public GradientScaler? Scaler { get; }

    /// <summary>Whether features still have to be extracted before the first step (<see cref="ExtractFeatures"/>).</summary>
    public bool NeedsFeatures => Network.Policy.CachesFeatures && features is null;

    /// <summary>Images of one epoch.</summary>
    public int ImagesPerEpoch => images.Count;

    /// <summary>Steps of one epoch, a smaller last one included.</summary>
    public int StepsPerEpoch => images.StepsPerEpoch;

    /// <summary>Steps of one epoch that have a whole batch, and no image more.</summary>
    public int FullStepsPerEpoch => images.FullSteps;

    /// <summary>What steps and extraction have waited for batches (<see cref="BatchSource.TimeLoading"/>); it grows from one fetch of features to the next.</summary>
    internal TimeSpan TimeLoading => images.TimeLoading + extracted.TimeLoading + (features?.TimeLoading ?? TimeSpan.Zero);

    /// <summary>Where the features that steps see came from; null: steps see images.</summary>
    public FeatureOrigin? FeatureOrigin { get; private set; }

    /// <summary>One pass of the frozen backbone over the training images, or none where the cache has their features; then steps see those.</summary>
    /// <remarks>They come in stored order until the next <see cref="Shuffle"/>.</remarks>
    /// <param name="cancellation">Looked at before every batch.</param>
    /// <returns>The time it took, the wait for the device included.</returns>
    /// <exception cref="InvalidOperationException">The policy does not cache features.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; there are no features then.</exception>
    public TimeSpan ExtractFeatures(CancellationToken cancellation = default)
    {
        if (!Network.Policy.CachesFeatures)
            throw new InvalidOperationException($"Policy '{Network.Policy.Name}' trains on images; only a policy that caches features extracts them.");
        features?.Dispose();
        (features, step, FeatureOrigin) = (null, null, null);
        var fetched = fetch.Fetch(data, extracted, cancellation);
        features = new FeatureBatches(fetched.Features, data.Labels, options.BatchSize);
        FeatureOrigin = fetched.Origin;
        return fetched.Duration;
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

    /// <summary>A batch of images as an extraction takes it (<see cref="ExtractionBatch"/>).</summary>
    /// <returns>The first batch in stored order; the caller disposes it.</returns>
    public Batch LoadImagesOfExtraction() => extracted.Load(0);

    /// <summary>Forward passes of one extraction, a smaller last one included.</summary>
    public int StepsPerExtraction => extracted.StepsPerEpoch;

    /// <summary>One training step on the batch of that number in the current order.</summary>
    /// <param name="number">0 .. <see cref="StepsPerEpoch"/> - 1.</param>
    /// <param name="observer">Told at the end of every phase.</param>
    public void Step(int number, IPhaseObserver observer) => CurrentStep().Run(number, observer);

    /// <summary>From now on this observer is told of libtorch's work in the steps, until features are extracted anew; null: nobody.</summary>
    public void Observe(IWorkObserver? observer) => CurrentStep().WorkObserver = observer;

    /// <summary>The learning rates of an epoch's first step.</summary>
    /// <param name="epoch">As in <see cref="TrainEpoch"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The schedule has no such epoch.</exception>
    public LearningRates LearningRates(int epoch) => ratePlan.At(epoch, step: 0);

    /// <summary>Shuffles by seed and epoch, then one step for every batch, at the learning rates of the schedule.</summary>
    /// <remarks>The rates follow from the step's number alone. <see cref="Step"/> leaves them as they are.</remarks>
    /// <param name="epoch">
    /// <see cref="TrainingOptions.FirstEpoch"/> for the first; part of the shuffle's seed, and the schedule's place.
    /// </param>
    /// <param name="stepEnded">Gets the number of steps that the epoch has done, 1 for the first, and of all its steps.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    /// <exception cref="InvalidOperationException">Features are needed and were not extracted.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The schedule has no such epoch.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the weights are those of the last step done.</exception>
    public EpochResult TrainEpoch(int epoch, Action<int, int>? stepEnded = null, CancellationToken cancellation = default)
    {
        var current = CurrentStep();
        ratePlan.ThrowIfNone(epoch);
        var start = clock.Now();
        Shuffle(epoch);
        totals.Reset();
        // What a network draws, for dropout, follows from seed and epoch alone: a resumed run draws what it would have drawn.
        manual_seed(SplitMix64.ForNetwork(options.Seed, epoch));
        var (stepsStart, loadedBefore) = (DeviceClock.HostNow(), TimeLoading);
        for (var number = 0; number < StepsPerEpoch; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            groups.Set(ratePlan.At(epoch, number));
            current.Run(number, NoObserver.Instance);
            stepEnded?.Invoke(number + 1, StepsPerEpoch);
        }
        var stepsDuration = clock.Since(stepsStart);
        var result = totals.Read();
        return new EpochResult(result, clock.Since(start), stepsDuration, TimeLoading - loadedBefore);
    }

    /// <summary>Loss and accuracy of the weights as they are, in eval mode and without a graph.</summary>
    /// <remarks>A policy that caches features gets those of the test set at the first call, as those of the training set, and keeps them too.</remarks>
    /// <param name="test">Images on the same device, the same at every call; transformed as the training images are without augmentation.</param>
    /// <param name="cancellation">Looked at before every batch.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; the network is in training mode.</exception>
    public PassResult Evaluate(ImageSet test, CancellationToken cancellation = default) => Evaluate(test, null, cancellation);

    /// <summary>The same with class scores that something else than the network's head gives.</summary>
    internal PassResult Evaluate(ImageSet test, Func<Tensor, Tensor>? scores, CancellationToken cancellation) => tests.Run(test, scores, cancellation);

    /// <summary>What steps train on; null: images.</summary>
    internal FeatureBatches? Features => features;

    /// <inheritdoc/>
    public void Dispose()
    {
        features?.Dispose();
        tests.Dispose();
        images.Dispose();
        stored.Dispose();
        extracted.Dispose();
        transform.Dispose();
        totals.Dispose();
        Optimizer.Dispose();
        Scaler?.Dispose();
        Network.Dispose();
        if (ownsNetwork)
            Network.Network.Dispose();
    }

    private BatchSource Source => features ?? (BatchSource)images;

    private TrainingStep CurrentStep()
    {
        ThrowIfFeaturesAreMissing();
        return step ??= new TrainingStep(Network, Optimizer, Source, totals, options.Kernels, options.LabelSmoothing, Scaler);
    }

    private void ThrowIfFeaturesAreMissing()
    {
        if (NeedsFeatures)
            throw new InvalidOperationException($"Policy '{Network.Policy.Name}' needs {nameof(ExtractFeatures)} before the first step.");
    }
}
