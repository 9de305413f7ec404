using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using FreezeBench.Results.Statistics;
using Xunit;
using static FreezeBench.Results.Tests.Reports.MadeUp;

namespace FreezeBench.Results.Tests.Reports;

public class TimeGroupsTests
{
    [Fact]
    public void Row_HasCentresThroughputSpeedUpAndShare()
    {
        string[] phases = ["optimizer", "data", "zero_grad", "forward", "loss", "backward"];
        var group = Assert.Single(Groups(
        [
            Case("epoch", "fine-tune", "epoch", 800, 800, 800, 800, 800, 800),
            Case("epoch", "frozen", "epoch", 100, 100, 100, 100, 100, 200),
            Case("step", "frozen", "step", 12),
            .. phases.Select((phase, index) => Case("step", "frozen", phase, index + 1)),
            Case("depth", "frozen", "backward", 3), Case("depth", "frozen", "step", 9),
        ]));

        Assert.Equal(["fine-tune", "frozen"], group.Policies.Select(policy => policy.Policy));
        var frozen = group.Policies[1];
        // The median of the 21 averages of two of the samples, of which 15 are 100.
        Assert.Equal((100, 5120, 8), (frozen.EpochMs!.Value, frozen.ImagesPerS!.Value, frozen.SpeedUp!.Value));
        Assert.Equal((1, null), (group.Policies[0].SpeedUp!.Value, group.Policies[0].SpeedUp!.Lower));
        // Six of the fastest and six of the slowest: the bounds of the centre are its extremes.
        Assert.Equal((100, 200), (frozen.EpochMs.Lower, frozen.EpochMs.Upper));
        Assert.Equal((2560, 5120), (frozen.ImagesPerS.Lower, frozen.ImagesPerS.Upper));
        Assert.Equal((12, null), (frozen.StepMs!.Value, frozen.StepMs.Lower));
        Assert.Equal(["data", "zero_grad", "forward", "loss", "backward", "optimizer"], frozen.Phases.Select(phase => phase.Phase));
        Assert.Equal(6.0 / (1 + 2 + 3 + 4 + 5 + 6), frozen.BackwardShare);
        Assert.Equal((3, 9), (frozen.DepthBackwardMs!.Value, frozen.DepthStepMs!.Value));
        Assert.Equal(3L << 30, frozen.PeakMemoryBytes!.Value);
        Assert.Equal(new DateOnly(2026, 1, 2), frozen.EpochMs.Origin.Date);
    }

    [Fact]
    public void ShareOfBackward_IsNull_WhereAPhaseIsMissing() =>
        Assert.Null(Assert.Single(Assert.Single(Groups([Case("step", "frozen", "backward", 5), Case("step", "frozen", "forward", 5)])).Policies).BackwardShare);

    [Fact]
    public void FrozenCached_HasItsExtractionApart_AndPartsOfTheTableAreLeftOut()
    {
        var group = Assert.Single(Groups(
        [
            Case("step", "frozen", "no_grad_forward", 7), Case("step", "frozen", "step_synchronised", 9),
            Case("epoch", "frozen-cached", "epoch", 2), Case("epoch", "frozen-cached", "steps", 2), Case("epoch", "frozen-cached", "feature_extraction", 250),
        ]));

        Assert.Equal("frozen-cached", Assert.Single(group.Policies).Policy);
        Assert.Equal([("frozen", "no_grad_forward", 7.0), ("frozen-cached", "feature_extraction", 250.0)], group.Others.Select(other => (other.Policy, other.Phase, other.TimeMs.Value)));
    }

    [Fact]
    public void EpochsOfUnlikeImages_AreGroups_AndStepsJoinTheEpochsOfTheirRun()
    {
        var groups = Groups(
        [
            Case("epoch", "fine-tune", "epoch", 800), Case("epoch", "frozen", "epoch", 100), Case("step", "frozen", "step", 11),
            Case("epoch", "frozen", "epoch", 900).In(NewerRun).But(row => row with { Images = 5000 }), Case("step", "frozen", "step", 12).In(NewerRun),
            // Of a run without epochs: goes to the richest.
            Case("step", "from-layer4", "step", 50).In("20260101T000000Z-00000000"),
        ]);

        Assert.Equal(2, groups.Count);
        Assert.Contains("512 images an epoch", groups[0].Settings, StringComparison.Ordinal);
        Assert.Equal([("fine-tune", null), ("frozen", 11), ("from-layer4", 50)], groups[0].Policies.Select(policy => (policy.Policy, policy.StepMs?.Value)));
        Assert.Equal(12, Assert.Single(groups[1].Policies).StepMs!.Value);
    }

    [Fact]
    public void EverySettingApart_IsAGroupOfItsOwn()
    {
        var original = Case("step", "frozen", "step", 1);
        MeasuredCase[] cases =
        [
            original,
            original.But(row => row with { Framework = "pytorch" }), original.But(row => row with { Backbone = "resnet50" }), original.But(row => row with { Weights = "w" }),
            original.But(row => row with { Dataset = "d" }), original.But(row => row with { Classes = 2 }), original.But(row => row with { ResolutionPx = 64 }),
            original.But(row => row with { BatchSize = 1 }), original.But(row => row with { Precision = "tf32" }), original.But(row => row with { MemoryFormat = "contiguous" }),
            original.But(row => row with { Threads = 1 }), original.But(row => row with { Device = "cuda:1" }),
        ];

        Assert.Equal(cases.Length, Groups(cases).Select(group => group.Settings).Distinct().Count());
    }

    [Fact]
    public void OlderWholeCommit_GoesBeforeANewerPart()
    {
        var policies = Policies(
            Case("epoch", "fine-tune", "epoch", 800), Case("epoch", "frozen", "epoch", 100), Case("step", "frozen", "step", 11),
            Newer(Case("epoch", "frozen", "epoch", 90)), Newer(Case("depth", "frozen", "step", 12)));

        Assert.Equal((100, 8, 11, 12), (policies[1].EpochMs!.Value, policies[1].SpeedUp!.Value, policies[1].StepMs!.Value, policies[1].DepthStepMs!.Value));
    }

    [Theory]
    [InlineData(false, 90)]
    [InlineData(null, 100)]
    [InlineData(true, 100)]
    public void OfWholeCommits_TheNewestCleanOneCounts(bool? newerIsDirty, double epochMs) => Assert.Equal(epochMs, Policies(
        Newer(Case("epoch", "fine-tune", "epoch", 900)), Newer(Case("epoch", "frozen", "epoch", 90)).But(row => row with { Dirty = newerIsDirty }),
        Case("epoch", "fine-tune", "epoch", 800), Case("epoch", "frozen", "epoch", 100))[1].EpochMs!.Value);

    [Fact]
    public void SeveralRunsOfACommit_AreOneFigure_TheSameAsInTheTableOfMachines()
    {
        MeasuredCase[] OneRun(string run, double factor) =>
        [
            .. new[] { ("fine-tune", 1000), ("frozen", 250) }.SelectMany(epoch => new[] { KernelKind.Fast, KernelKind.Plain }.Select(kernels => Case("epoch", epoch.Item1, "epoch", epoch.Item2 * (kernels == KernelKind.Plain ? 2 : factor))
                .But(row => row with { Kernels = kernels, MemoryFormat = kernels == KernelKind.Plain ? "contiguous" : "channels-last" }))).Select(measured => measured.In(run)),
            Case("step", "frozen", "step", 30 / factor).In(run), Case("depth", "frozen", "backward", 9 * factor * factor).In(run), Case("step", "frozen", "step", 30 * factor).In(run).But(row => row with { BatchSize = 32, Images = 32 }),
        ];
        var report = ReportBuilder.Build(Set(Environment([.. OneRun(Run, 1), .. OneRun(NewerRun, 1.5), .. OneRun("20260301T000000Z-00000000", 0.8)])));
        var machine = Assert.Single(report.Overview.Machines);

        foreach (var policy in report.Environments[0].Times.SelectMany(group => group.Policies).Where(policy => policy.EpochMs is not null))
        {
            var epoch = machine.Of(policy.Policy, policy.Kernels)!;
            Assert.Equal(Bounded(epoch.EpochMs), Bounded(policy.EpochMs!));
            Assert.Equal(3, policy.EpochMs!.Origin.Count);
            if (policy.Policy == "frozen")
                Assert.Equal(Bounded(epoch.SpeedUp!), Bounded(policy.SpeedUp!));
        }
        Assert.Equal(1000 * Math.Cbrt(1.2), report.Environments[0].Times[0].Policies[0].EpochMs!.Value, 1e-9);

        static (double, double?, double?) Bounded(Figure figure) => (figure.Value, figure.Lower, figure.Upper);
    }

    [Fact]
    public void DirtyRowsOnly_AreShownAndMarked()
    {
        var frozen = Assert.Single(Policies(Case("epoch", "frozen", "epoch", 100).But(row => row with { Dirty = true })));

        Assert.True(frozen.EpochMs!.Origin.Dirty);
    }

    [Fact]
    public void DisturbedRun_StandsBack_AndIsMarkedWhereItIsAllThereIs()
    {
        var remarks = new[] { Disturbed(NewerRun, "a build ran") };
        var newer = Case("epoch", "frozen", "epoch", 90).In(NewerRun);
        var both = ReportBuilder.Build(Set(Environment([Case("epoch", "frozen", "epoch", 100), newer], remarks: remarks))).Environments[0];
        var alone = ReportBuilder.Build(Set(Environment([newer], remarks: remarks))).Environments[0];

        Assert.Equal((100, false), (both.Times[0].Policies[0].EpochMs!.Value, both.Times[0].Policies[0].EpochMs!.Origin.Disturbed));
        Assert.Equal((90, true), (alone.Times[0].Policies[0].EpochMs!.Value, alone.Times[0].Policies[0].EpochMs!.Origin.Disturbed));
        Assert.False(alone.Times[0].Policies[0].PeakMemoryBytes!.Origin.Disturbed);
        Assert.Equal(new DisturbedRun(NewerRun, "a build ran"), Assert.Single(alone.DisturbedRuns));
    }

    [Fact]
    public void RowBesideBusyPrograms_StandsBack_AndIsMarked()
    {
        var busy = Case("epoch", "frozen", "epoch", 90).In(NewerRun).But(row => row with { OthersBusyCores = 0.3 });
        var (both, alone) = (Policies(Case("epoch", "frozen", "epoch", 100), busy)[0], ReportBuilder.Build(Set(Environment([busy]))));

        Assert.Equal((100, false), (both.EpochMs!.Value, both.EpochMs!.Origin.Disturbed));
        Assert.True(alone.Environments[0].Times[0].Policies[0].EpochMs!.Origin.Disturbed);
        Assert.True(Assert.Single(alone.Overview.Machines).Epochs[0].EpochMs.Origin.Disturbed);
    }

    [Fact]
    public void SpeedUp_IsNull_AcrossRuns()
    {
        var policies = Policies(
            Case("epoch", "fine-tune", "epoch", 800), Case("epoch", "frozen-cached", "epoch", 1), Case("epoch", "frozen", "epoch", 100).In(NewerRun));

        Assert.Null(policies.Single(policy => policy.Policy == "frozen").SpeedUp);
        Assert.Equal(800, policies.Single(policy => policy.Policy == "frozen-cached").SpeedUp!.Value);
    }

    [Fact]
    public void RowWithoutSamples_GivesItsMedianWithoutBounds()
    {
        var tuned = Case("epoch", "fine-tune", "epoch", 800, 801, 802, 803, 804, 805);
        var frozen = Case("epoch", "frozen", "epoch", 100) with { SamplesMs = [] };
        var policies = Policies(tuned, frozen.But(row => row with { SampleCount = 9, MedianMs = 100 }));

        Assert.Equal((100, null, 9), (policies[1].EpochMs!.Value, policies[1].EpochMs!.Lower, policies[1].EpochMs!.Origin.Count));
        Assert.Equal((8.025, null, 6), (policies[1].SpeedUp!.Value, policies[1].SpeedUp!.Lower, policies[1].SpeedUp!.Origin.Count));
    }

    [Fact]
    public void TimesThatNoRatioHas_GiveNone()
    {
        var huge = Case("epoch", "frozen-cached", "epoch", 1).But(row => row with { MedianMs = 1e300 }) with { SamplesMs = [1e300] };
        var policies = Policies(Case("epoch", "fine-tune", "epoch", 800), Case("epoch", "frozen", "epoch", 0), huge);

        Assert.Null(policies[1].SpeedUp);
        Assert.Null(policies[1].ImagesPerS);
        Assert.Equal(1e300, policies[2].EpochMs!.Value);
    }

    [Theory]
    [InlineData(NoiseVerdict.Quiet, NoiseVerdict.Quiet, NoiseVerdict.Quiet)]
    [InlineData(NoiseVerdict.Quiet, NoiseVerdict.Unknown, NoiseVerdict.Unknown)]
    [InlineData(NoiseVerdict.Noisy, NoiseVerdict.Unknown, NoiseVerdict.Noisy)]
    [InlineData(NoiseVerdict.Noisy, NoiseVerdict.VeryNoisy, NoiseVerdict.VeryNoisy)]
    public void SpeedUp_HasTheWorseOfBothSides(NoiseVerdict tuned, NoiseVerdict frozen, NoiseVerdict worse)
    {
        var origin = Policies(
            Case("epoch", "fine-tune", "epoch", 800, 800).But(row => row with { NoiseVerdict = tuned, Throttled = true }),
            Case("epoch", "frozen", "epoch", 100).But(row => row with { NoiseVerdict = frozen, Throttled = false }))[1].SpeedUp!.Origin;

        Assert.Equal((worse, true, false, 1), (origin.Noise, origin.Throttled, origin.Dirty, origin.Count));
    }

    [Theory]
    [InlineData(1980, 1781, true)]
    [InlineData(1980, 1782, false)]
    [InlineData(345, 1980, false)]
    [InlineData(null, 1980, false)]
    public void GpuThatEndedWellBelowItsFirstClock_IsThrottled_WhateverItsDriverSaid(int? start, int? end, bool throttled) => Assert.Equal(
        throttled, Policies(Case("epoch", "frozen", "epoch", 100).But(row => row with { Throttled = false, ClockStartMhz = start, ClockEndMhz = end }))[0].EpochMs!.Origin.Throttled);

    private static MeasuredCase Newer(MeasuredCase measured) => measured.In(NewerRun).But(row => row with { Commit = new string('9', 40), UtcTime = row.UtcTime.AddMonths(1) });

    private static IReadOnlyList<TimeGroup> Groups(IEnumerable<MeasuredCase> cases) => ReportBuilder.Build(Set(Environment(cases))).Environments[0].Times;

    private static IReadOnlyList<PolicyTimes> Policies(params MeasuredCase[] cases) => Assert.Single(Groups(cases)).Policies;
}
