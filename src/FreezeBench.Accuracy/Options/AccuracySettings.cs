using System.CommandLine;
using FreezeBench.Features;
using FreezeBench.Freezing;
using FreezeBench.Images.Decoding;
using FreezeBench.Images.Folders;
using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Optimizing;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using FreezeBench.Torch.Hardware;
using FreezeBench.Torch.Loading;
using FreezeBench.Training;

namespace FreezeBench.Accuracy.Options;

/// <summary>What a command asks for, without open defaults.</summary>
public sealed record AccuracySettings
{
    /// <summary>Architecture.</summary>
    public required Network Network { get; init; }

    /// <summary>Each run is made with each of them, plain ones first.</summary>
    public required IReadOnlyList<KernelSet> Kernels { get; init; }

    /// <summary>One training run for each, with every seed and class selection.</summary>
    public required IReadOnlyList<Strategy> Strategies { get; init; }

    /// <summary>Name in <c>--dataset</c>.</summary>
    public required string Dataset { get; init; }

    /// <summary>What rows call the data set.</summary>
    public required string DatasetLabel { get; init; }

    /// <summary>Null: the usual place, a download, or no files at all.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>How a folder of classes is divided; null: it has its parts.</summary>
    public FolderSplit? Split { get; init; }

    /// <summary>Leave out images that cannot be decoded.</summary>
    public bool SkipUnreadable { get; init; }

    /// <summary>Null in the list: all classes.</summary>
    public required IReadOnlyList<ClassSelection?> Classes { get; init; }

    /// <summary>Null: the images' own size.</summary>
    public int? ResolutionPx { get; init; }

    /// <summary>Images per step.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Halve the batch size until it fits.</summary>
    public bool AutoBatch { get; init; }

    /// <summary>Null: all.</summary>
    public int? TrainLimit { get; init; }

    /// <summary>Null: all.</summary>
    public int? TestLimit { get; init; }

    /// <summary>Value of <c>--weights</c>.</summary>
    public required string Weights { get; init; }

    /// <summary>Which state dict of a checkpoint; null: by preference.</summary>
    public string? WeightsKey { get; init; }

    /// <summary>How frozen-cached finds its head: a run each. All different.</summary>
    public IReadOnlyList<HeadKind> Heads { get; init; } = [HeadKind.Sgd];

    /// <summary>Training images of each class: a run each. All different; null in the list: all images.</summary>
    public IReadOnlyList<int?> Shots { get; init; } = [null];

    /// <summary>Epochs after which one stage more trains; null: all from the start.</summary>
    public int? UnfreezeEvery { get; init; }

    /// <summary>All different.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>Passes over the training set.</summary>
    public required EpochPlan Epochs { get; init; }

    /// <summary>Null: half of the epochs.</summary>
    public int? ProbeEpochs { get; init; }

    /// <summary>Strides, as asked for; null: by the kernels of each run.</summary>
    public MemoryFormat? MemoryFormat { get; init; }

    /// <summary>Every policy's recipe, with what the command line changes about it.</summary>
    public required Func<FreezingPolicy, Recipe> RecipeFor { get; init; }

    /// <summary>Test accuracy to stop at, above 0, at most 1; null: train all epochs.</summary>
    public double? Target { get; init; }

    /// <summary>Only deterministic algorithms on CUDA.</summary>
    public bool Deterministic { get; init; }

    /// <summary>Where features are kept from command to command; null: nowhere.</summary>
    public string? FeatureFolder { get; init; }

    /// <summary>Errors of options that do not go together; the parser finds the others.</summary>
    /// <remarks>A value that the parser refuses clashes with nothing: what it was meant to be is not known.</remarks>
    internal static IEnumerable<string> Conflicts(AccuracyOptions options, ParseResult parsed)
    {
        List<string> errors = [];
        if (!OptionFactory.IsWrong(parsed, options.Run.Dataset))
            errors.AddRange(DatasetNames.Conflicts(Valid(parsed, options.Run.Dataset) ?? CifarFiles.Name, Valid(parsed, options.Run.DataDirectory), Valid(parsed, options.SkipUnreadable), Valid(parsed, options.Split)));
        var (epochs, probe) = (Valid(parsed, options.Epochs) ?? EpochPlan.Default, (int?)Valid(parsed, options.ProbeEpochs));
        var lengthIsKnown = !OptionFactory.IsWrong(parsed, options.Epochs) && !OptionFactory.IsWrong(parsed, options.ProbeEpochs);
        var network = Valid(parsed, options.Run.Network) ?? NetworkCatalog.Default;
        if (!OptionFactory.IsWrong(parsed, options.Policies))
            foreach (var strategy in StrategiesFor(Valid(parsed, options.Policies), network))
                errors.AddRange(ConflictsOf(strategy, lengthIsKnown ? epochs.For(strategy) : null, probe, Valid(parsed, options.Augmentation), network));
        if (Valid(parsed, options.WeightsKey) is { } key && (Valid(parsed, options.Weights) ?? AccuracyOptions.RandomWeights) is var weights && InitialWeights.IsNoPath(weights))
            errors.Add($"--weights-key is '{key}', and --weights is {weights}, which is no file of yours; leave it out.");
        if (!OptionFactory.IsWrong(parsed, options.Policies))
            errors.AddRange(HeadConflicts.Find(options, parsed, StrategiesFor(Valid(parsed, options.Policies), network)));
        if (Valid(parsed, options.NoFeatureCache) && Valid(parsed, options.FeatureFolder) is { } folder)
            errors.Add($"--feature-cache is '{folder}', and --no-feature-cache keeps no features; leave one of them out.");
        return errors.Distinct();
    }

    /// <summary>The value of an option; its type's default where it is absent, or where the parser refuses it.</summary>
    public static T? Valid<T>(ParseResult parsed, Option<T> option) =>
        OptionFactory.IsWrong(parsed, option) ? default : parsed.GetValue(option);

    /// <summary>The phases of a strategy's runs, as asked for.</summary>
    /// <exception cref="UserErrorException">The epochs are too few for them.</exception>
    public IReadOnlyList<TrainingPhase> PhasesOf(Strategy strategy, int epochs) =>
        strategy.Phases(epochs, ProbeEpochs, UnfreezeEvery is { } every ? new Unfreezing(every, Network.StageNames) : null);

    /// <summary>Height and width that the network sees of these images.</summary>
    internal int ResolutionOf(ImageSet images) => ResolutionPx ?? images.DefaultResolutionPx;

    /// <summary>Strides of a run with these kernels.</summary>
    public MemoryFormat MemoryFormatOf(KernelSet kernels, DeviceChoice device) =>
        MemoryFormat ?? FreezeBench.Kernels.MemoryFormat.DefaultFor(device.Type, kernels);

    /// <summary>Fills in what was not asked for.</summary>
    internal static AccuracySettings Resolve(AccuracyOptions options, ParseResult parsed, DeviceChoice device)
    {
        var run = options.Run;
        var dataset = parsed.GetValue(run.Dataset) ?? CifarFiles.Name;
        var network = parsed.GetValue(run.Network) ?? NetworkCatalog.Default;
        return new AccuracySettings
        {
            Network = network,
            Kernels = parsed.GetValue(run.Kernels) ?? [KernelSet.Fast],
            Strategies = StrategiesFor(parsed.GetValue(options.Policies), network),
            Dataset = dataset,
            DatasetLabel = parsed.GetValue(run.DatasetLabel) ?? DatasetNames.LabelOf(dataset, parsed.GetValue(options.Split)),
            DataDirectory = parsed.GetValue(run.DataDirectory),
            Split = parsed.GetValue(options.Split),
            SkipUnreadable = parsed.GetValue(options.SkipUnreadable),
            Classes = parsed.GetValue(options.Classes) is { } selections ? [.. selections] : [null],
            ResolutionPx = (int?)parsed.GetValue(run.Resolution),
            BatchSize = (int?)parsed.GetValue(run.BatchSize) ?? new TrainingOptions().BatchSize,
            AutoBatch = parsed.GetValue(run.AutoBatch),
            TrainLimit = (int?)parsed.GetValue(options.TrainLimit),
            TestLimit = (int?)parsed.GetValue(options.TestLimit),
            Weights = parsed.GetValue(options.Weights) ?? AccuracyOptions.RandomWeights,
            WeightsKey = parsed.GetValue(options.WeightsKey),
            Seeds = parsed.GetValue(options.Seeds) ?? [1],
            Heads = parsed.GetValue(options.Heads) ?? [HeadKind.Sgd],
            Shots = parsed.GetValue(options.Shots) is { } shots ? [.. shots.Select(each => (int?)each)] : [null],
            UnfreezeEvery = (int?)parsed.GetValue(options.UnfreezeEvery),
            Epochs = parsed.GetValue(options.Epochs) ?? EpochPlan.Default,
            ProbeEpochs = (int?)parsed.GetValue(options.ProbeEpochs),
            MemoryFormat = parsed.GetValue(run.MemoryFormat),
            Target = parsed.GetValue(options.Target),
            Deterministic = parsed.GetValue(options.Deterministic),
            FeatureFolder = parsed.GetValue(options.NoFeatureCache) ? null : FeatureFolderOf(parsed.GetValue(options.FeatureFolder)),
            RecipeFor = policy => Asked(options, parsed, Recipe.DefaultFor(policy)),
        };
    }

    private static Recipe Asked(AccuracyOptions options, ParseResult parsed, Recipe recipe) => recipe with
    {
        Optimizer = parsed.GetValue(options.Optimizer) ?? recipe.Optimizer,
        Schedule = parsed.GetValue(options.Schedule) ?? recipe.Schedule,
        LearningRateHead = parsed.GetValue(options.LearningRateHead) ?? parsed.GetValue(options.LearningRate) ?? recipe.LearningRateHead,
        LearningRateBackbone = parsed.GetValue(options.LearningRateBackbone) ?? parsed.GetValue(options.LearningRate) ?? recipe.LearningRateBackbone,
        LearningRateDecay = parsed.GetValue(options.LearningRateDecay) ?? recipe.LearningRateDecay,
        Momentum = parsed.GetValue(options.Momentum) ?? recipe.Momentum,
        WeightDecay = parsed.GetValue(options.WeightDecay) ?? recipe.WeightDecay,
        LabelSmoothing = parsed.GetValue(options.LabelSmoothing) ?? recipe.LabelSmoothing,
        Augmentation = parsed.GetValue(options.Augmentation) ?? recipe.Augmentation,
    };

    // Without a home there is no place that a later command would look at: the announcement says so.
    private static string? FeatureFolderOf(string? asked) => asked is not null ? Path.GetFullPath(asked)
        : UserCache.Find() is { } cache ? Path.Combine(cache, FeatureCache.FolderName) : null;

    /// <param name="strategy">Asked for or a default.</param>
    /// <param name="epochs">Null: not known, and then no reason to refuse anything.</param>
    /// <param name="probeEpochs">Null: half of the epochs.</param>
    /// <param name="augmentation">Null: each policy's own.</param>
    /// <param name="network">Which is trained.</param>
    private static List<string> ConflictsOf(Strategy strategy, int? epochs, int? probeEpochs, Augmentation? augmentation, Network network)
    {
        List<string> errors = [];
        void Check(Action check)
        {
            try
            {
                check();
            }
            catch (UserErrorException e)
            {
                errors.Add(OptionNames.Fill(e));
            }
        }

        if (epochs is { } known)
            Check(() => strategy.Phases(known, probeEpochs));
        // The policies of its phases, whatever their length: 2 epochs are enough for every strategy.
        foreach (var phase in strategy.Phases(2))
        {
            Check(() => phase.Policy.FirstTrained(network.StageNames));
            Check(() => AugmentationConflict.ThrowIfAny(phase.Policy, augmentation ?? Augmentation.None));
        }
        return errors;
    }

    // "all" are all that the network can be under; a strategy that was named and does not suit is an error.
    private static IReadOnlyList<Strategy> StrategiesFor(IReadOnlyList<Strategy>? asked, Network network) => asked is null ? DefaultStrategies
        : asked == Strategy.All ? [.. asked.Where(strategy => strategy.Suits(network.StageNames))]
        : asked;

    private static IReadOnlyList<Strategy> DefaultStrategies => [Strategy.Parse("fine-tune"), Strategy.Parse("frozen")];
}
