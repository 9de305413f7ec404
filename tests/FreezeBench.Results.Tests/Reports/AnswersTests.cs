using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using FreezeBench.Results.Statistics;
using Xunit;
using static FreezeBench.Results.Tests.Reports.MadeUp;

namespace FreezeBench.Results.Tests.Reports;

public class AnswersTests
{
    private static readonly MeasuredCase tuned = Case("epoch", "fine-tune", "epoch", 800, 800, 800, 800);
    private static readonly MeasuredCase frozen = Case("epoch", "frozen", "epoch", 80, 100, 100, 100);

    [Fact]
    public void Everything_InOneSentence() => Assert.Equal(
        "frozen is 8.0x (5.6 to 12.2) faster per epoch than fine-tune at 32 px, batch 64, frozen-cached 400x (281 to 570) faster after one feature extraction of 250 ms; "
        + "after 2 epochs frozen has a test accuracy 4.0 points lower (0.7 to 7.3) than fine-tune on 50000 training images of cifar10 with 10 classes at 32 px with resnet18 (n = 1).",
        Answer(
            [tuned, frozen, Case("epoch", "frozen-cached", "epoch", 2, 2, 2, 2), Case("epoch", "frozen-cached", "feature_extraction", 250)],
            [.. Training("fine-tune", 1, 500, 847), .. Training("frozen", 1, 500, 807)]));

    [Fact]
    public void NothingMeasured_IsSaid() => Assert.Equal(
        "speed: an epoch of frozen and one of fine-tune were not measured in one run here; accuracy: not measured here.", Answer([], []));

    [Fact]
    public void NoFineTune_IsSaid() => Assert.Equal(
        "speed: an epoch of frozen and one of fine-tune were not measured in one run here; accuracy: frozen and fine-tune were not both trained on the same images here.",
        Answer([frozen], [.. Training("frozen", 1, 800), .. Training("fine-tune", 1, 800).Select(row => row with { DataHash = "other" })]));

    [Fact]
    public void DisturbedTimes_AllowNoConclusion() => Assert.Equal(
        "speed: measured only while the machine had other work, which allows no conclusion; accuracy: not measured here.",
        ReportBuilder.Build(Set(Environment([tuned, frozen], remarks: [Disturbed(Run, "a build ran")]))).Environments[0].Answer);

    [Fact]
    public void SlowerFrozen_IsCalledSlower() => Assert.StartsWith(
        "frozen is 2.0x (1.4 to 2.8) slower per epoch", Answer([tuned, Case("epoch", "frozen", "epoch", 1600, 1600, 1600, 1600)], []), StringComparison.Ordinal);

    [Fact]
    public void FewSamplesNoiseAndDirtyTree_AreSaid() => Assert.Contains(
        "frozen is 8.0x faster per epoch than fine-tune at 32 px, batch 64 (very noisy samples, too few samples for bounds: n = 1, throttled, code not committed);",
        Answer([tuned, Case("epoch", "frozen", "epoch", 100).But(row => row with { NoiseVerdict = NoiseVerdict.VeryNoisy, Throttled = true, Dirty = true })], []),
        StringComparison.Ordinal);

    [Fact]
    public void MostClasses_GoBeforeMorePolicies_AndPretrainedBeforeBoth()
    {
        AccuracyRow[] two = [.. Both(900, 900, row => row with { Classes = 2 }), .. Training("from-layer4", 1, 900).Select(row => row with { Classes = 2 })];
        var random = Both(900, 300, row => row with { Classes = 100, Weights = "random" });

        Assert.EndsWith("after 1 epoch frozen has a test accuracy 10.0 points lower (6.9 to 13.1) than fine-tune on 50000 training images of cifar10 with 10 classes at 32 px with resnet18 (n = 1).", Answer([], [.. two, .. random, .. Both(900, 800, row => row)]), StringComparison.Ordinal);
        Assert.EndsWith("accuracy: trained from random weights alone here, which says nothing about transfer.", Answer([], random), StringComparison.Ordinal);
    }

    // 700 of 1000 against 800: sqrt(0.7 * 0.3 / 1000 + 0.8 * 0.2 / 1000) * 1.96 is 3.8 points. The later epoch of frozen-cached has no counterpart.
    [Fact]
    public void FrozenCached_StandsInForFrozen_AndIsComparedAfterAsManyEpochs() => Assert.EndsWith(
        "; after 1 epoch of either frozen-cached has a test accuracy 10.0 points lower (6.2 to 13.8) than fine-tune on 50000 training images of cifar10 with 10 classes at 32 px with resnet18 (n = 1).",
        Answer([], [.. Training("fine-tune", 1, 800), .. Training("frozen-cached", 1, 700, 810)]), StringComparison.Ordinal);

    [Theory]
    [InlineData(333, 3, 1000, "synthetic")]
    [InlineData(333, 3, 1000, "cifar10")]
    [InlineData(5000, 3, 99, "cifar10")]
    public void TooLittleOrMadeUp_AllowsNoConclusion(int trainTotal, int epochs, int testTotal, string dataset)
    {
        AccuracyRow[] rows = [.. Both(800, 700, row => row with { TrainTotal = trainTotal, TestTotal = testTotal, TestCorrect = testTotal / 2, TestAccuracyFraction = testTotal / 2 / (double)testTotal, Dataset = dataset }, epochs)];

        Assert.EndsWith("accuracy: too little was trained here for a conclusion (1000 training images seen and 100 real test images are the least).", Answer([], rows), StringComparison.Ordinal);
    }

    [Fact]
    public void AThousandImagesSeen_Suffice() =>
        Assert.Contains("after 3 epochs frozen has", Answer([], Both(800, 700, row => row with { TrainTotal = 334 }, 3)), StringComparison.Ordinal);

    // Differences of 0.1 with s = 0.01 on both sides: t(0.975, 2) = 4.3027 times sqrt(2 * 0.0001 / 2).
    [Fact]
    public void TwoSeedsASide_GiveWelchsBounds() => Assert.Contains(
        "a test accuracy 10.0 points lower (5.7 to 14.3) than fine-tune on 50000 training images of cifar10 with 10 classes at 32 px with resnet18 (n = 2).",
        Answer([], [.. Two("fine-tune", 890, 910), .. Two("frozen", 790, 810)]), StringComparison.Ordinal);

    private static IEnumerable<AccuracyRow> Two(string policy, int first, int second) =>
        Training(policy, 1, first).Concat(Training(policy, 2, second)).Select(row => row with
        {
            // 0.9 plus and minus 0.01 / sqrt(2) has s = 0.01.
            TestAccuracyFraction = Math.Round(row.TestAccuracyFraction, 1) + Math.Sign(row.TestAccuracyFraction - Math.Round(row.TestAccuracyFraction, 1)) * 0.01 / Math.Sqrt(2),
        });

    private static AccuracyRow[] Both(int tuned, int frozen, Func<AccuracyRow, AccuracyRow> change, int epochs = 1) =>
        [.. Training("fine-tune", 1, [.. Enumerable.Repeat(tuned, epochs)]).Concat(Training("frozen", 1, [.. Enumerable.Repeat(frozen, epochs)])).Select(change)];

    private static string Answer(IEnumerable<MeasuredCase> cases, IEnumerable<AccuracyRow> epochs) =>
        ReportBuilder.Build(Set(Environment(cases, epochs))).Environments[0].Answer;
}
