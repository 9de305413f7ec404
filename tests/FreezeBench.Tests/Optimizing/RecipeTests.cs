using FreezeBench.Freezing;
using FreezeBench.Images.Decoding;
using FreezeBench.Optimizing;
using FreezeBench.Results;
using Xunit;

namespace FreezeBench.Tests.Optimizing;

public class RecipeTests
{
    [Fact]
    public void FrozenAndCached_HaveOneRecipe_SinceTheirAccuraciesAreToBeTheSame() =>
        Assert.Equal(Recipe.DefaultFor(FreezingPolicy.Frozen), Recipe.DefaultFor(FreezingPolicy.FrozenCached));

    [Fact]
    public void EveryDefault_IsValid_AndGoesWithItsPolicy() => Assert.All(FreezingPolicy.All, policy =>
    {
        var recipe = Recipe.DefaultFor(policy);
        Assert.NotNull(recipe.Options(batchSize: 128, seed: 1, epochs: 10));
        AugmentationConflict.ThrowIfAny(policy, recipe.Augmentation);
    });

    [Fact]
    public void Options_CarryEverything()
    {
        var recipe = new Recipe
        {
            Optimizer = OptimizerKind.AdamW,
            Schedule = LearningRateSchedule.OneCycle,
            LearningRateHead = 0.002,
            LearningRateBackbone = 0.001,
            Momentum = 0.8,
            WeightDecay = 0.05,
            LabelSmoothing = 0.1,
            Augmentation = Augmentation.Flip,
        };
        Assert.Equal(
            new TrainingOptions
            {
                BatchSize = 32,
                Optimizer = OptimizerKind.AdamW,
                Schedule = LearningRateSchedule.OneCycle,
                LearningRateHead = 0.001,
                LearningRateBackbone = 0.0005,
                Momentum = 0.8,
                WeightDecay = 0.05,
                LabelSmoothing = 0.1,
                Epochs = 4,
                FirstEpoch = 3,
                Seed = 7,
                Augmentation = Augmentation.Flip,
            },
            recipe.Scaled(0.5).Options(batchSize: 32, seed: 7, epochs: 4, firstEpoch: 3));
    }

    [Fact]
    public void ValuesOutOfRange_AreRefused() => Assert.StartsWith(
        "The learning rate is 20; valid: ",
        Assert.Throws<UserErrorException>(() => (Recipe.DefaultFor(FreezingPolicy.Frozen) with { LearningRateHead = 20 }).Options(8, 1, 1)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("de-DE")]
    [InlineData("en-US")]
    public void HelpLines_AreOneAStandardPolicy_AndOneForTheOthers_Within80Columns(string culture)
    {
        using var _ = new UnderCulture(culture);
        Assert.Equal(["policy", .. FreezingPolicy.Standard.Select(policy => policy.Name), "others"], Recipe.HelpLines.Select(line => line.Split(' ')[0]));
        Assert.All(FreezingPolicy.All.Except(FreezingPolicy.Standard), policy => Assert.Equal(Recipe.DefaultFor(FreezingPolicy.FineTune), Recipe.DefaultFor(policy)));
        Assert.Equal(Recipe.HelpLines[1]["fine-tune".Length..].TrimStart(), Recipe.HelpLines[^1]["others".Length..].TrimStart());
        Assert.All(Recipe.HelpLines, line => Assert.True(line.Length <= 80, line));
        Assert.Contains("sgd   cosine    ", Recipe.HelpLines[1], StringComparison.Ordinal);
    }
}
