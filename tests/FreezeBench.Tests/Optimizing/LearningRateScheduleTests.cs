using FreezeBench.Optimizing;
using FreezeBench.Results;
using FreezeBench.Tests.Training;
using Xunit;

namespace FreezeBench.Tests.Optimizing;

public class LearningRateScheduleTests
{
    // PyTorch goes from rate to rate by recursion, in double: some roundings of 1e-16 for each of 110 steps.
    private const double Tolerance = 1e-12;

    public static TheoryData<string> OfPyTorch { get; } = new(TrainingGolden.Instance.Factors.Keys);

    [Theory]
    [MemberData(nameof(OfPyTorch))]
    public void Factors_AreThoseOfPyTorch(string name)
    {
        var schedule = LearningRateSchedule.Parse(name);
        foreach (var golden in TrainingGolden.Instance.Factors[name])
        {
            var total = golden.Epochs * golden.StepsPerEpoch;
            Assert.Equal(total, golden.Rates.Length);
            for (var step = 0; step < total; step++)
                Assert.Equal(golden.Rates[step], schedule.Factor(step, total, golden.StepsPerEpoch), Tolerance);
        }
    }

    [Fact]
    public void Constant_IsOne() => Assert.All(Enumerable.Range(0, 6), step => Assert.Equal(1, LearningRateSchedule.Constant.Factor(step, 6, 2)));

    [Fact]
    public void Steps_OutsideOfTheTraining_AreRefused()
    {
        foreach (var schedule in LearningRateSchedule.All)
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => schedule.Factor(-1, 6, 2));
            Assert.Throws<ArgumentOutOfRangeException>(() => schedule.Factor(6, 6, 2));
        }
    }

    [Fact]
    public void Names_AreParsed_AndUnknownOnesListTheValidOnes()
    {
        Assert.All(LearningRateSchedule.All, schedule => Assert.Same(schedule, LearningRateSchedule.Parse(schedule.Name)));
        Assert.Equal("constant, step, cosine, one-cycle", LearningRateSchedule.ValidNames);
        Assert.Equal(
            "Unknown schedule 'Cosine'. Valid values: constant, step, cosine, one-cycle.",
            Assert.Throws<UserErrorException>(() => LearningRateSchedule.Parse("Cosine")).Message);
    }
}
