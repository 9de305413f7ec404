using FreezeBench.Optimizing;
using FreezeBench.Results;
using Xunit;

namespace FreezeBench.Tests.Optimizing;

public class TrainingOptionsTests
{
    [Fact]
    public void Defaults_AreValid()
    {
        var options = new TrainingOptions();
        Assert.Same(options, options.Validated());
        Assert.Equal(
            new TrainingOptions
            {
                BatchSize = 128,
                Optimizer = OptimizerKind.Sgd,
                Schedule = LearningRateSchedule.Constant,
                LearningRateHead = 0.01,
                LearningRateBackbone = 0.01,
                Momentum = 0.9,
                WeightDecay = 1e-4,
                LabelSmoothing = 0,
                Epochs = 1,
                FirstEpoch = 0,
                Seed = 1,
            },
            options);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("en-US")]
    public void EverythingWrong_IsInOneMessage_InAnyCulture(string culture)
    {
        using var _ = new UnderCulture(culture);
        var options = new TrainingOptions { BatchSize = 0, LearningRateHead = 10.5, LearningRateBackbone = 0, Momentum = -0.1, WeightDecay = double.NaN, LabelSmoothing = 1, Epochs = 0, Seed = -3 };
        Assert.Equal(
            """
            The batch size is 0; valid: 1 to 65536.
            The learning rate is 10.5; valid: above 0, at most 10.
            The backbone's learning rate is 0; valid: above 0, at most 10.
            The momentum is -0.1; valid: 0 to 0.999.
            The weight decay is NaN; valid: 0 to 1.
            The label smoothing is 1; valid: 0 to below 1.
            The number of epochs is 0; valid: 1 or more.
            The seed is -3; valid: 0 or more.
            """,
            Error(options));
    }

    [Fact]
    public void Ends_OfEveryRange()
    {
        var valid = new TrainingOptions();
        Assert.NotNull((valid with { BatchSize = 1, LearningRateHead = double.Epsilon, Momentum = 0, WeightDecay = 0, Seed = 0 }).Validated());
        Assert.NotNull((valid with { BatchSize = 65536, LearningRateHead = 10, Momentum = 0.999, WeightDecay = 1, Seed = int.MaxValue }).Validated());
        Assert.StartsWith("The batch size is 65537;", Error(valid with { BatchSize = 65537 }), StringComparison.Ordinal);
        Assert.StartsWith("The learning rate is 0;", Error(valid with { LearningRateHead = 0 }), StringComparison.Ordinal);
        Assert.StartsWith("The learning rate is NaN;", Error(valid with { LearningRateHead = double.NaN }), StringComparison.Ordinal);
        Assert.StartsWith("The momentum is 1;", Error(valid with { Momentum = 1 }), StringComparison.Ordinal);
        Assert.StartsWith("The weight decay is 1.01;", Error(valid with { WeightDecay = 1.01 }), StringComparison.Ordinal);
    }

    private static string Error(TrainingOptions options) => Assert.Throws<UserErrorException>(() => options.Validated()).Message;
}
