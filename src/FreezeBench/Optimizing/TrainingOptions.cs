using System.Globalization;
using FreezeBench.Images.Decoding;
using FreezeBench.Kernels;
using FreezeBench.Results;
using FreezeBench.Torch.Arithmetic;

namespace FreezeBench.Optimizing;

/// <summary>How a network is trained: what a step and an epoch need to know beside network and data.</summary>
public sealed record TrainingOptions
{
    /// <summary>Images per step. Default 128; range 1 to 65536.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>What turns gradients into updates. Default SGD.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Sgd;

    /// <summary>How the learning rates move from step to step. Default: not at all.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>
    /// The head's learning rate, before the schedule. Default 0.01, the usual rate for fine-tuning with a batch of about 100
    /// images; range: above 0, at most 10.
    /// </summary>
    public double LearningRateHead { get; init; } = 0.01;

    /// <summary>The backbone's learning rate, before the schedule; without effect where the backbone is frozen. Default and range as the head's.</summary>
    public double LearningRateBackbone { get; init; } = 0.01;

    /// <summary>
    /// Factor of the backbone's learning rate from stage to stage, from the head down: the stage before the head has the rate times it, the next the rate
    /// times its square. Default null: all stages have one rate; range: above 0, at most 1.
    /// </summary>
    public double? LearningRateDecay { get; init; }

    /// <summary>SGD's momentum; AdamW has none. Default 0.9; range 0 to 0.999.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>
    /// SGD: L2 penalty added to every gradient; AdamW: decoupled decay. It acts on every parameter that trains, BatchNorm's
    /// and the biases too. Default 1e-4, as in <see cref="Recipe"/>; range 0 to 1.
    /// </summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>
    /// Share of the target that is spread over all classes (Szegedy et al., 2016). It changes the training loss, which then
    /// cannot be compared with a test loss; that one is never smoothed. Default 0; 0 to below 1.
    /// </summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Length of the schedule in epochs; a constant schedule has no end. Default 1; 1 or more.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>
    /// Epochs that the same run has trained before this training: the order of the images goes on with this number, the
    /// schedule starts at it. Default 0; 0 or more.
    /// </summary>
    public int FirstEpoch { get; init; }

    /// <summary>Decides initial weights and the order of the images. Default 1; 0 or more.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What is changed at random about the training images. Default none, and with cached features nothing else (<see cref="AugmentationConflict"/>).</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.None;

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
