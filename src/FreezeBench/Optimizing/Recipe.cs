using System.Globalization;
using FreezeBench.Freezing;
using FreezeBench.Images.Decoding;

namespace FreezeBench.Optimizing;

/// <summary>What a practitioner would train a policy with: everything about the training but batch size, length and seed.</summary>
public record Recipe
{
    // The one table of defaults. They are the usual ones for ResNets with a batch of about 100 images, not the best of a search.

    // Weights that are good already move a little: the fine-tuning rate of Kornblith et al., "Do Better ImageNet Models
    // Transfer Better?" (2019), whose grid has its optima about here; the schedule takes it to 0, the decay is ImageNet's.
    private static readonly Recipe tuning = new() { Schedule = LearningRateSchedule.Cosine };

    // Only a linear layer trains. frozen and frozen-cached have this one recipe: they differ in cost alone, and their
    // accuracies are to be the same. So nothing here may depend on seeing another image in every epoch.
    private static readonly Recipe probing = tuning;

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
    /// and the biases too. Default 1e-4; range 0 to 1.
    /// </summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>
    /// Share of the target that is spread over all classes (Szegedy et al., 2016). It changes the training loss, which then
    /// cannot be compared with a test loss; that one is never smoothed. Default 0; 0 to below 1.
    /// </summary>
    public double LabelSmoothing { get; init; }

    /// <summary>What is changed at random about the training images. Default none, and with cached features nothing else (<see cref="AugmentationConflict"/>).</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.None;

    /// <summary>The recipe of a policy where nothing else is asked for.</summary>
    public static Recipe DefaultFor(FreezingPolicy policy) => policy.BackboneFrozen ? probing : tuning;

    /// <summary>
    /// The defaults of all policies for a help text: a line of titles, a line for each standard policy and one for the others, at most 78 columns,
    /// since it indents them by 2.
    /// </summary>
    public static IReadOnlyList<string> HelpLines { get; } =
    [
        Line("policy", "opt.", "schedule", "head", "backbone", "mom.", "decay", "smooth", "augment"),
        .. FreezingPolicy.Standard.Select(policy => DefaultFor(policy).HelpLine(policy.Name, policy.BackboneFrozen)),
        DefaultFor(FreezingPolicy.BiasOnly).HelpLine("others", backboneFrozen: false),
    ];

    /// <summary>The same with both learning rates multiplied.</summary>
    /// <param name="factor">Above 0.</param>
    public Recipe Scaled(double factor) =>
        this with { LearningRateHead = factor * LearningRateHead, LearningRateBackbone = factor * LearningRateBackbone };

    /// <summary>The recipe as the options of a training.</summary>
    /// <param name="batchSize">Images per step.</param>
    /// <param name="seed">Initial weights, order of the images, augmentation.</param>
    /// <param name="epochs">Length of the schedule.</param>
    /// <param name="firstEpoch">Epochs that the run has trained before.</param>
    /// <exception cref="Results.UserErrorException">One line for each value that is out of range.</exception>
    public TrainingOptions Options(int batchSize, int seed, int epochs, int firstEpoch = 0) =>
        new TrainingOptions(this) { BatchSize = batchSize, Epochs = epochs, FirstEpoch = firstEpoch, Seed = seed }.Validated();

    private string HelpLine(string title, bool backboneFrozen) => Line(
        title, Optimizer.Name, Schedule.Name, Shown(LearningRateHead), backboneFrozen ? "-" : Shown(LearningRateBackbone),
        Optimizer == OptimizerKind.Sgd ? Shown(Momentum) : "-", Shown(WeightDecay), Shown(LabelSmoothing), Augmentation.Name);

    private static string Shown(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Line(params ReadOnlySpan<string> cells) =>
        $"{cells[0],-16}{cells[1],-6}{cells[2],-10}{cells[3],-7}{cells[4],-9}{cells[5],-6}{cells[6],-7}{cells[7],-7}{cells[8]}".TrimEnd();
}
