using FreezeBench.Results.Advising;
using FreezeBench.Results.Rows;
using Xunit;
using static FreezeBench.Results.Tests.Advising.Trainings;

namespace FreezeBench.Results.Tests.Advising;

public class OvertakingTests
{
    [Fact]
    public void FirstEpochAboveTheBestOfFrozenCached_IsToldWithTheOneThatIsCertain()
    {
        // frozen-cached at its best 0.81 after 2 epochs; fine-tune is 0.01 above after 2, bounds -0.024 to 0.044, and 0.09 after 3.
        var overtaking = Of([.. Trainings.Of("fine-tune", 1, 100, 700, 820, 900), .. Trainings.Of("frozen-cached", 1, 10, 800, 810, 805)]);

        Assert.Equal((2, 20.0), (overtaking.Frozen.Epoch, overtaking.Frozen.TrainTimeS));
        Assert.Equal((2, 200.0), (overtaking.Overtakes!.Epoch, overtaking.Overtakes.TrainTimeS));
        Assert.Equal((3, 300.0), (overtaking.ForCertain!.Epoch, overtaking.ForCertain.TrainTimeS));
        // 1.959964 sqrt(0.82 0.18 / 1000 + 0.81 0.19 / 1000) = 0.0340.
        Assert.Equal((0.01, -0.024, 0.044), (Math.Round(overtaking.Lead.Value, 3), Math.Round(overtaking.Lead.Lower!.Value, 3), Math.Round(overtaking.Lead.Upper!.Value, 3)));
    }

    [Fact]
    public void NeverAbove_HasTheLeadOfItsBest()
    {
        var overtaking = Of([.. Trainings.Of("fine-tune", 1, 100, 700, 800, 790), .. Trainings.Of("frozen-cached", 1, 10, 810)]);

        Assert.Null(overtaking.Overtakes);
        Assert.Null(overtaking.ForCertain);
        Assert.Equal((2, -0.01), (overtaking.Tuned.Epoch, Math.Round(overtaking.Lead.Value, 3)));
    }

    [Fact]
    public void Frozen_StandsInForFrozenCached_WithTheSameKernelsAlone()
    {
        AccuracyRow[] plain = [.. Trainings.Of("frozen", 1, 10, 910).Select(row => row with { Kernels = KernelKind.Plain })];

        Assert.Equal("frozen", Of([.. Trainings.Of("fine-tune", 1, 100, 950), .. Trainings.Of("frozen", 1, 10, 900), .. plain]).Frozen.Policy[..6]);
        Assert.Equal(0.9, Of([.. Trainings.Of("fine-tune", 1, 100, 950), .. Trainings.Of("frozen", 1, 10, 900), .. plain]).Frozen.Accuracy.Value);
        Assert.Null(Assert.Single(Advice([.. Trainings.Of("fine-tune", 1, 100, 950), .. plain]).Groups).Overtaking);
    }

    private static Overtaking Of(IEnumerable<AccuracyRow> rows) => Assert.Single(Advice(rows).Groups).Overtaking!;
}
