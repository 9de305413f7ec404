using System.CommandLine;
using FreezeBench.CommandLine;
using FreezeBench.Data;

namespace FreezeBench.Accuracy;

/// <summary>The command line of the accuracy runner.</summary>
public sealed class AccuracyOptions
{
    /// <summary>The value of <c>--weights</c> for a fresh network.</summary>
    public const string RandomWeights = "random";

    /// <summary>Options that the benchmarks have too.</summary>
    public RunOptions Run { get; } = new(
        defaultPolicies: "fine-tune,frozen", defaultResolution: "the images' own size", defaultBatchSize: "128", defaultDataset: CifarFiles.Name);

    /// <summary>Passes over the training set.</summary>
    public Option<long?> Epochs { get; } = OptionFactory.Whole("--epochs", "Passes over the training set. Default: 1.", 1, 10_000);

    /// <summary>Initial weights and image order.</summary>
    public Option<long?> Seed { get; } = OptionFactory.Whole("--seed", "Decides initial weights and the order of the images. Default: 1.", 0, int.MaxValue);

    /// <summary>What the network starts from.</summary>
    public Option<string?> Weights { get; } = new("--weights")
    {
        Description = $"What the network starts from: {RandomWeights}, or the path of a state dict with torchvision's names (.pth, .pt, .safetensors), such as ImageNet weights. Default: {RandomWeights}.",
        HelpName = "path",
    };

    /// <summary>SGD's learning rate.</summary>
    public Option<double?> LearningRate { get; } = OptionFactory.Number("--learning-rate", "SGD's learning rate. Default: 0.01.", 0, 10, leastIncluded: false);

    /// <summary>SGD's momentum.</summary>
    public Option<double?> Momentum { get; } = OptionFactory.Number("--momentum", "SGD's momentum. Default: 0.9.", 0, 0.999);

    /// <summary>SGD's weight decay.</summary>
    public Option<double?> WeightDecay { get; } = OptionFactory.Number("--weight-decay", "SGD's weight decay. Default: 0.0005.", 0, 1);

    /// <summary>Fewer training images.</summary>
    public Option<long?> TrainLimit { get; } = OptionFactory.Whole("--train-limit", "At most so many training images, every class in its share, drawn by the seed. Default: all.", 1, 10_000_000);

    /// <summary>Fewer test images.</summary>
    public Option<long?> TestLimit { get; } = OptionFactory.Whole("--test-limit", "At most so many test images, as --train-limit. Default: all.", 1, 10_000_000);

    /// <summary>Check only.</summary>
    public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Check every option, read data and weights, say what would be trained, and stop." };

    /// <summary>The root command with every option.</summary>
    public RootCommand Command { get; } = new(
        "Trains for real and appends loss and accuracy on training and test set to accuracy.csv, a row an epoch.");

    /// <summary>Makes the command.</summary>
    public AccuracyOptions()
    {
        Run.AddTo(Command);
        foreach (var option in new Option[] { Weights, Epochs, Seed, LearningRate, Momentum, WeightDecay, TrainLimit, TestLimit, DryRun })
            Command.Add(option);
    }
}
