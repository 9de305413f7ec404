using FreezeBench.Freezing;
using FreezeBench.Images.Decoding;
using FreezeBench.Optimizing;

namespace FreezeBench.Accuracy.Options;

/// <summary>What the command line changes about every policy's recipe; null leaves what the policy has.</summary>
public sealed record RecipeOverrides
{
    /// <summary>Optimizer.</summary>
    public OptimizerKind? Optimizer { get; init; }

    /// <summary>Schedule of the learning rates.</summary>
    public LearningRateSchedule? Schedule { get; init; }

    /// <summary>Of the head.</summary>
    public double? LearningRateHead { get; init; }

    /// <summary>Of the trained part of the backbone.</summary>
    public double? LearningRateBackbone { get; init; }

    /// <summary>Of the backbone's rate from stage to stage.</summary>
    public double? LearningRateDecay { get; init; }

    /// <summary>SGD's momentum.</summary>
    public double? Momentum { get; init; }

    /// <summary>Weight decay.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>Label smoothing.</summary>
    public double? LabelSmoothing { get; init; }

    /// <summary>Random changes of training images.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>The recipe of a policy with these changes.</summary>
    public Recipe For(FreezingPolicy policy)
    {
        var recipe = Recipe.DefaultFor(policy);
        return recipe with
        {
            Optimizer = Optimizer ?? recipe.Optimizer,
            Schedule = Schedule ?? recipe.Schedule,
            LearningRateHead = LearningRateHead ?? recipe.LearningRateHead,
            LearningRateBackbone = LearningRateBackbone ?? recipe.LearningRateBackbone,
            LearningRateDecay = LearningRateDecay ?? recipe.LearningRateDecay,
            Momentum = Momentum ?? recipe.Momentum,
            WeightDecay = WeightDecay ?? recipe.WeightDecay,
            LabelSmoothing = LabelSmoothing ?? recipe.LabelSmoothing,
            Augmentation = Augmentation ?? recipe.Augmentation,
        };
    }
}
