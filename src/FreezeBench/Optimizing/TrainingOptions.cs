using System.Globalization;
using FreezeBench.Kernels;
using FreezeBench.Results;
using FreezeBench.Torch.Arithmetic;

namespace FreezeBench.Optimizing;

/// <summary>How a network is trained: what a step and an epoch need to know beside network and data.</summary>
public sealed record TrainingOptions : Recipe
{
    /// <summary>Every default.</summary>
    public TrainingOptions()
    {
    }

    /// <summary>Those of a recipe.</summary>
    public TrainingOptions(Recipe recipe) : base(recipe)
    {
    }

    /// <summary>Images per step. Default 128; range 1 to 65536.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Length of the schedule in epochs; a constant schedule has no end. Default 1; 1 or more.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>
    /// Epochs that the same run has trained before this training: the order of the images goes on with this number, the
    /// schedule starts at it. Default 0; 0 or more.
    /// </summary>
    public int FirstEpoch { get; init; }

    /// <summary>Decides initial weights and the order of the images. Default 1; 0 or more.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Arithmetic of the network; the process is in it already (<see cref="PrecisionSwitch"/>). Default float32.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Whose layers the network is made of, and how parameters are updated. Default: fast ones.</summary>
    public KernelSet Kernels { get; init; } = KernelSet.Fast;

    /// <exception cref="UserErrorException">One line for each invalid option: name, value, valid range.</exception>
    public TrainingOptions Validated()
    {
        List<string> errors = [];
        if (BatchSize is < 1 or > 65536)
            errors.Add(Line("batch size", BatchSize, "1 to 65536"));
        if (!(LearningRateHead is > 0 and <= 10))
            errors.Add(Line("learning rate", LearningRateHead, "above 0, at most 10"));
        if (!(LearningRateBackbone is > 0 and <= 10))
            errors.Add(Line("backbone's learning rate", LearningRateBackbone, "above 0, at most 10"));
        if (LearningRateDecay is { } decay && !(decay is > 0 and <= 1))
            errors.Add(Line("learning rate's decay", decay, "above 0, at most 1"));
        if (!(Momentum is >= 0 and <= 0.999))
            errors.Add(Line("momentum", Momentum, "0 to 0.999"));
        if (!(WeightDecay is >= 0 and <= 1))
            errors.Add(Line("weight decay", WeightDecay, "0 to 1"));
        if (!(LabelSmoothing is >= 0 and < 1))
            errors.Add(Line("label smoothing", LabelSmoothing, "0 to below 1"));
        if (Epochs < 1)
            errors.Add(Line("number of epochs", Epochs, "1 or more"));
        if (Seed < 0)
            errors.Add(Line("seed", Seed, "0 or more"));
        return errors is [] ? this : throw new UserErrorException(string.Join('\n', errors));
    }

    private static string Line(string setting, IFormattable value, string range) =>
        $"‹The {setting}› is {value.ToString(null, CultureInfo.InvariantCulture)}; valid: {range}.";
}
