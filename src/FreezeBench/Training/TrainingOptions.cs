using System.Globalization;
using FreezeBench.Data;
using FreezeBench.Results;

namespace FreezeBench.Training;

/// <summary>How a network is trained: what a step and an epoch need to know beside network and data.</summary>
public sealed record TrainingOptions
{
    /// <summary>Images per step. Default 128; range 1 to 65536.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>
    /// SGD's learning rate, the same for backbone and head. Default 0.01, the usual rate for fine-tuning with a batch of
    /// about 100 images; range: above 0, at most 10.
    /// </summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>SGD's momentum. Default 0.9; range 0 to 0.999.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>L2 penalty that SGD adds to every gradient. Default 5e-4 (the ResNet-on-CIFAR custom); range 0 to 1.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Decides initial weights and the order of the images. Default 1; 0 or more.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What is changed at random about the training images. Default none, and with cached features nothing else (<see cref="AugmentationConflict"/>).</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.None;

    /// <exception cref="UserErrorException">One line for each invalid option: name, value, valid range.</exception>
    public TrainingOptions Validated()
    {
        List<string> errors = [];
        if (BatchSize is < 1 or > 65536)
            errors.Add(Line("--batch-size", BatchSize, "1 to 65536"));
        if (!(LearningRate is > 0 and <= 10))
            errors.Add(Line("--learning-rate", LearningRate, "above 0, at most 10"));
        if (!(Momentum is >= 0 and <= 0.999))
            errors.Add(Line("--momentum", Momentum, "0 to 0.999"));
        if (!(WeightDecay is >= 0 and <= 1))
            errors.Add(Line("--weight-decay", WeightDecay, "0 to 1"));
        if (Seed < 0)
            errors.Add(Line("--seed", Seed, "0 or more"));
        return errors is [] ? this : throw new UserErrorException(string.Join('\n', errors));
    }

    private static string Line(string option, IFormattable value, string range) =>
        $"{option} is {value.ToString(null, CultureInfo.InvariantCulture)}; valid: {range}.";
}
