using FreezeBench.Freezing;
using FreezeBench.Images.Decoding;
using FreezeBench.Optimizing;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Options;

public class RecipeOptionsTests
{
    [Fact]
    public void NothingAskedFor_LeavesEveryRecipe() =>
        Assert.All(FreezingPolicy.All, policy => Assert.Equal(Recipe.DefaultFor(policy), Parsed.Settings().RecipeFor(policy)));

    [Fact]
    public void EveryOption_IsTaken_AndNothingElseChanges()
    {
        var recipe = Recipe.DefaultFor(FreezingPolicy.FineTune);

        Assert.Equal(recipe with { Optimizer = OptimizerKind.AdamW }, Of("--optimizer", "adamw"));
        Assert.Equal(recipe with { Schedule = LearningRateSchedule.OneCycle }, Of("--schedule", "one-cycle"));
        Assert.Equal(recipe with { LearningRateHead = 0.5 }, Of("--learning-rate-head", "0.5"));
        Assert.Equal(recipe with { LearningRateBackbone = 0.5 }, Of("--learning-rate-backbone", "0.5"));
        Assert.Equal(recipe with { Momentum = 0.125 }, Of("--momentum", "0.125"));
        Assert.Equal(recipe with { WeightDecay = 0.25 }, Of("--weight-decay", "0.25"));
        Assert.Equal(recipe with { LabelSmoothing = 0.75 }, Of("--label-smoothing", "0.75"));
        Assert.Equal(recipe with { Augmentation = Augmentation.Flip }, Of("--augmentation", "flip"));
    }

    [Fact]
    public void Zero_IsAValue_NotAbsence() => Assert.Equal((0, 0), (Of("--weight-decay", "0").WeightDecay, Of("--momentum", "0").Momentum));

    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(0.5, 0.25, "--learning-rate-backbone", "0.25")]
    [InlineData(0.25, 0.5, "--learning-rate-head", "0.25")]
    public void LearningRate_IsOfBoth_WhereNoneHasItsOwn(double head, double backbone, params string[] more)
    {
        var recipe = Parsed.Settings(["--learning-rate", "0.5", .. more]).RecipeFor(FreezingPolicy.FineTune);

        Assert.Equal((head, backbone), (recipe.LearningRateHead, recipe.LearningRateBackbone));
    }

    private static Recipe Of(params string[] arguments) => Parsed.Settings(arguments).RecipeFor(FreezingPolicy.FineTune);
}
