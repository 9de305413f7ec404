using System.CommandLine;
using FreezeBench.Features;
using FreezeBench.Freezing;
using FreezeBench.Images.Decoding;
using FreezeBench.Images.Folders;
using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Optimizing;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using FreezeBench.Training;
using FreezeBench.Weights.Loading;

namespace FreezeBench.Accuracy.Options;

/// <summary>The command line of the accuracy runner.</summary>
internal sealed class AccuracyOptions
{
    /// <summary>The value of <c>--weights</c> for a fresh network.</summary>
    public const string RandomWeights = "random";

    private const string ByPolicy = "Default: by policy, see the table above.";

    /// <summary>Options that the benchmarks have too.</summary>
    public RunOptions Run { get; } = new(
        defaultPolicies: "", defaultResolution: "the images' own size; 224 for image folders", defaultBatchSize: "128", defaultDataset: CifarFiles.Name, defaultKernels: "fast",
        DatasetNames.Valid, DatasetNames.IsValid);

    public Option<IReadOnlyList<Strategy>?> Policies { get; } = OptionFactory.Parsed(
        "--policies", $"Comma-separated: {Strategy.ValidNames}, or all. Default: fine-tune,frozen.", Strategy.ParseList);

    public Option<Preset?> Preset { get; } = OptionFactory.Parsed(
        "--preset", $"A known experiment; options given beside it count more, and the claims it is about are checked at the end. {string.Join("; ", Options.Preset.All.Select(preset => $"{preset.Name}: {preset.Description}"))}.",
        Options.Preset.Parse);

    public Option<EpochPlan?> Epochs { get; } = OptionFactory.Parsed(
        "--epochs", "Passes over the training set: a number, policy=number, or both, as in 1,frozen-cached=10. Default: 1.", EpochPlan.Parse);

    public Option<long?> ProbeEpochs { get; } = OptionFactory.Whole(
        "--probe-epochs", "Of probe-then-tune's epochs, those that train the head alone. Default: half of them, rounded down, at least 1.", 1, 9_999);

    public Option<IReadOnlyList<int>?> Seeds { get; } = OptionFactory.Parsed(
        "--seeds", "Comma-separated, a run each: decides initial weights, the order of the images and their augmentation. Default: 1.", RunLists.Seeds);

    public Option<IReadOnlyList<ClassSelection>?> Classes { get; } = OptionFactory.Parsed(
        "--classes", $"Train on some classes only: {ClassSelection.ValidForms}. Default: all.", ClassSelection.Parse);

    public Option<string?> Weights { get; } = OptionFactory.OfPath(
        "--weights",
        $"What the network starts from: {RandomWeights}; {ImageNetWeights.ValidOptions} (torchvision's, downloaded once; -v2 for resnet50); {MlNetWeights.Option} (ML.NET's for {MlNetWeights.Backbone}, by NuGet); or the path of a state dict or checkpoint with torchvision's names, prefixes before them left out (.pth, .pt, .safetensors). Default: {RandomWeights}.", "what");

    public Option<string?> WeightsKey { get; } = OptionFactory.Parsed<string>(
        "--weights-key",
        "Which state dict of a checkpoint: its key, or what the names begin with that are meant. Default: state_dict, model, state_dict_ema, model_ema, ema or module, the first that is there; else the only one.",
        key => key.Trim().TrimEnd('.') is { Length: > 0 and <= 100 } sound ? sound : throw new UserErrorException("--weights-key is empty; name a key, such as model_ema."));

    public Option<IReadOnlyList<HeadKind>?> Heads { get; } = OptionFactory.Parsed(
        "--head",
        $"How {FreezingPolicy.FrozenCached.Name} finds its head, a run each where there are several, with commas between: sgd in steps, as every other policy; lbfgs by logistic regression, its L2 strength chosen on a fifth of the training images; knn by the votes of the 200 nearest training images. Default: sgd.",
        RunLists.Heads);

    public Option<IReadOnlyList<int>?> Shots { get; } = OptionFactory.Parsed(
        "--shots", "Train on so many images of each class, drawn by the seed; a run each where there are several numbers, with commas between. Default: all images.", RunLists.Shots);

    public Option<double?> LearningRateDecay { get; } = OptionFactory.Number(
        "--learning-rate-decay", "Of the backbone's rate from stage to stage, from the head down: with 0.65 the stage before the head trains at 0.65 of it, the next at 0.65 of that. Default: all stages at one rate.",
        0, 1, leastIncluded: false);

    public Option<long?> UnfreezeEvery { get; } = OptionFactory.Whole(
        "--unfreeze-every", "Train the head alone first, and one stage of the backbone more after every so many epochs, the last first: fine-tune and from-STAGE. Default: all from the start.", 1, 9_999);

    public Option<OptimizerKind?> Optimizer { get; } = OptionFactory.Parsed("--optimizer", $"{OptimizerKind.ValidNames}. {ByPolicy}", OptimizerKind.Parse);

    public Option<LearningRateSchedule?> Schedule { get; } = OptionFactory.Parsed(
        "--schedule", $"Of the learning rates, over the epochs of the run: {LearningRateSchedule.ValidNames}. {ByPolicy}", LearningRateSchedule.Parse);

    public Option<double?> LearningRate { get; } = OptionFactory.Number("--learning-rate", $"Of head and backbone alike. {ByPolicy}", 0, 10, leastIncluded: false);

    public Option<double?> LearningRateHead { get; } = OptionFactory.Number("--learning-rate-head", $"Of the head alone. {ByPolicy}", 0, 10, leastIncluded: false);

    public Option<double?> LearningRateBackbone { get; } = OptionFactory.Number(
        "--learning-rate-backbone", $"Of the trained part of the backbone alone. {ByPolicy}", 0, 10, leastIncluded: false);

    public Option<double?> Momentum { get; } = OptionFactory.Number("--momentum", $"SGD's. {ByPolicy}", 0, 0.999);

    public Option<double?> WeightDecay { get; } = OptionFactory.Number("--weight-decay", ByPolicy, 0, 1);

    public Option<double?> LabelSmoothing { get; } = OptionFactory.Number("--label-smoothing", $"Of the training loss. {ByPolicy}", 0, 0.999);

    public Option<Augmentation?> Augmentation { get; } = OptionFactory.Parsed(
        "--augmentation", $"Random changes of the training images: {Images.Decoding.Augmentation.ValidNames}. frozen-cached knows none. {ByPolicy}", Images.Decoding.Augmentation.Parse);

    public Option<long?> TrainLimit { get; } = OptionFactory.Whole("--train-limit", "At most so many training images, every class in its share, drawn by the seed. Default: all.", 1, 10_000_000);

    public Option<long?> TestLimit { get; } = OptionFactory.Whole("--test-limit", "At most so many test images, as --train-limit. Default: all.", 1, 10_000_000);

    public Option<FolderSplit?> Split { get; } = OptionFactory.Parsed(
        "--split", $"Divide a folder of classes that has no train and val: {FolderSplit.ValidForms}. The same share of every class, recorded in the data set's label. Default: the folder has its parts.", FolderSplit.Parse);

    public Option<bool> SkipUnreadable { get; } = new("--skip-unreadable") { Description = "Leave out images of a folder that cannot be decoded, and list them, instead of stopping." };

    public Option<double?> Target { get; } = OptionFactory.Number(
        "--target", "Stop each run at the first epoch with this test accuracy (0.90 is 90 %), and report the training time up to there. Default: none.", 0, 1, leastIncluded: false);

    public Option<bool> Deterministic { get; } = new("--deterministic") { Description = "Only deterministic algorithms on CUDA, slower. The CPU's are always." };

    public Option<bool> Resume { get; } = new("--resume") { Description = "Go on where the same command was interrupted last." };

    public Option<string?> Checkpoints { get; } = OptionFactory.OfFolder("--checkpoint-dir", "Where unfinished runs keep their state until they end. Default: checkpoints.");

    public Option<string?> FeatureFolder { get; } = OptionFactory.OfFolder(
        "--feature-cache",
        $"Where features that were extracted once are kept for later commands, up to {FeatureCache.DefaultMostBytes / 1_000_000_000} GB. Default: {FeatureCache.FolderName} in the user's cache folder.");

    public Option<bool> NoFeatureCache { get; } = new("--no-feature-cache") { Description = "Extract features in every run, and keep none." };

    public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Check every option, read data and weights, say what would be trained, and stop." };

    public Option<bool> Estimate { get; } = new("--estimate")
    {
        Description = "Predict time and memory from some steps of each policy on this device, say what that rests on, and stop: nothing is trained, fetched or written.",
    };

    public Option<string?> EstimateFor { get; } = OptionFactory.Parsed<string>(
        "--estimate-for", "As --estimate, from the benchmark rows of this environment in the results folder, scaled by the operations counted. Default: this device is measured.", id => id);

    public RootCommand Command { get; } = new(
        "Trains for real and appends loss and accuracy on training and test set to accuracy.csv, a row an epoch, and how each run ended to runs.csv.\n\n"
        + $"What a policy trains with where no option says otherwise:\n{string.Join('\n', Recipe.HelpLines)}\n"
        + $"{Strategy.ProbeThenTune.Name}: {Strategy.ProbeThenTune.Description}.\n"
        + CommandLineCheck.Description);

    public AccuracyOptions()
    {
        Seeds.Aliases.Add("--seed");
        Command.Add(Preset);
        Run.AddTo(Command, Policies);
        foreach (var option in new Option[]
        {
            Classes, Weights, WeightsKey, Heads, Epochs, ProbeEpochs, UnfreezeEvery, Seeds, Optimizer, Schedule, LearningRate, LearningRateHead, LearningRateBackbone, LearningRateDecay, Momentum, WeightDecay, LabelSmoothing,
            Augmentation, Shots, TrainLimit, TestLimit, Split, SkipUnreadable, Target, Deterministic, Resume, Checkpoints, FeatureFolder, NoFeatureCache, DryRun, Estimate, EstimateFor,
        })
            Command.Add(option);
    }
}
