using FreezeBench.Results.Machine;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using Xunit;
using static FreezeBench.Results.Tests.Reports.MadeUp;

namespace FreezeBench.Results.Tests.Reports;

/// <summary>Plain and fast kernels in one report, and what training a part costs.</summary>
public class KernelReportTests
{
    private static readonly MeasuredCase[] both =
    [
        Case("epoch", "fine-tune", "epoch", 2000), Case("epoch", "frozen", "epoch", 250),
        Plain("epoch", "fine-tune", "epoch", 3000), Plain("epoch", "frozen", "epoch", 1000),
        Case("step", "frozen", "forward", 8), Plain("step", "frozen", "forward", 32), Case("depth", "frozen", "backward", 1), Plain("depth", "frozen", "backward", 2),
        Case("epoch", "frozen-cached", "feature_extraction", 10), Plain("epoch", "frozen-cached", "feature_extraction", 30),
    ];

    [Fact]
    public void Rows_AreOfOneKindOfKernels_AndASpeedUpIsAgainstTheSame()
    {
        var policies = Group(both).Policies;

        Assert.Equal(["fine-tune", "fine-tune (plain)", "frozen", "frozen (plain)"], policies.Select(policy => $"{policy.Name()}"));
        Assert.Equal([2000, 3000, 250, 1000], policies.Select(policy => policy.EpochMs!.Value));
        Assert.Equal([1, 1, 8, 3], policies.Select(policy => policy.SpeedUp!.Value));
    }

    [Fact]
    public void FastKernels_StandBesidePlainOnes_WhereOneRunHasBoth()
    {
        Assert.Equal(
            [("fine-tune", "epoch", 1.5), ("frozen", "epoch", 4), ("frozen", "forward", 4), ("frozen", "depth: backward", 2), ("frozen-cached", "feature_extraction", 3)],
            Group(both).KernelGains.Select(gain => (gain.Policy, gain.What, gain.TimesAsFast.Value)));

        var apart = Group([.. both.Select(measured => measured.Row.Kernels == KernelKind.Plain ? measured.In(NewerRun) : measured)]);
        Assert.Empty(apart.KernelGains);
        Assert.Equal([1, 1, 8, 3], apart.Policies.Select(policy => policy.SpeedUp!.Value));
    }

    [Fact]
    public void Gain_HasBoundsOfItsSamplesAndLaunches() => Assert.True(Assert.Single(Group(
        [Case("step", "frozen", "step", 10, 11, 10, 11, 10, 11), Plain("step", "frozen", "step", 20, 22, 20, 22, 20, 22)]).KernelGains) is
    { TimesAsFast: { Lower: < 1.6 and > 1.2, Upper: > 2.5 and < 3, Origin.Count: 6 } });

    [Fact]
    public void Markdown_NamesPlainRows_SaysWhatTheyAre_AndHasTheGains()
    {
        var text = Write(ReportBuilder.Build(Set(Environment(both))));

        Assert.Contains("\n| `frozen` (plain) | 1.00 s<sup>1</sup> | 512<sup>1</sup> | 3.00x<sup>1</sup> |", text, StringComparison.Ordinal);
        Assert.Contains("(plain) is what a user's own code costs", text, StringComparison.Ordinal);
        Assert.Contains("\nHow many times as fast as plain kernels the fast ones are:\n\n| policy | epoch | forward | depth: backward | feature\\_extraction |\n", text, StringComparison.Ordinal);
        Assert.Contains("\n| `frozen` | 4.00x<sup>1</sup> | 4.00x<sup>1</sup> | 2.00x<sup>1</sup> | – |\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("plain", Write(ReportBuilder.Build(Set(Environment(both.Where(measured => measured.Row.Kernels == KernelKind.Fast))))), StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_IsOfPlainKernels_AndNamesTheFastOnesBeside() => Assert.StartsWith(
        "frozen is 3.0x faster per epoch than fine-tune with plain kernels at 32 px, batch 64 (too few samples for bounds: n = 1), 8.0x faster with fast ones (",
        ReportBuilder.Build(Set(Environment(both))).Environments[0].Answer, StringComparison.Ordinal);

    [Fact]
    public void Twin_HasItsOwnKernelsAlone_AndNoWordForThem()
    {
        var group = Group([.. both.Where(measured => measured.Row.Kernels == KernelKind.Plain).Select(measured => measured.But(row => row with { Framework = "pytorch" }))]);

        Assert.Equal(["fine-tune", "frozen"], group.Policies.Select(policy => $"{policy.Name()}"));
    }

    [Fact]
    public void Accuracies_AreGroupedByKernels_AndComparedWithinThem()
    {
        var plain = Training("frozen", 1, 400, 500).Concat(Training("fine-tune", 1, 450, 550)).Select(row => row with { Kernels = KernelKind.Plain });
        var environment = ReportBuilder.Build(Set(Environment(epochs: plain.Concat(Training("frozen", 1, 500, 600)).Concat(Training("fine-tune", 1, 510, 620))))).Environments[0];

        Assert.Equal(
            [("fine-tune", 0.62), ("fine-tune (plain)", 0.55), ("frozen", 0.6), ("frozen (plain)", 0.5)],
            Assert.Single(environment.Accuracies).Policies.Select(policy => ($"{policy.Name()}", policy.FinalAccuracy.Value)));
        Assert.Contains("frozen has a test accuracy 2.0 points lower", environment.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Scaling_HasASeriesForEachKindOfKernels()
    {
        MeasuredCase[] steps = [Case("step", "frozen", "step", 10), Plain("step", "frozen", "step", 20)];
        var series = ReportBuilder.Build(Set(Environment([.. steps, .. steps.Select(step => step.But(row => row with { BatchSize = 128, Images = 128 }))]))).Environments[0].Scaling;

        Assert.Equal(["frozen", "frozen (plain)"], series.Select(one => $"{one.Name()}"));
        Assert.Equal([6400, 3200], series.Select(one => one.Points[0].ImagesPerS.Value));
    }

    [Fact]
    public void PartialTraining_IsToldInParameters_TimeAndMemory()
    {
        var whole = Case("epoch", "fine-tune", "epoch", 2000).But(row => row with { TrainableParameters = 1000, TotalParameters = 1000, TrainedCheckpointBytes = 4000, PeakMemoryBytes = 1000 });
        var part = Case("epoch", "only-layer4", "epoch", 500).But(row => row with { TrainableParameters = 50, TotalParameters = 1000, TrainedCheckpointBytes = 3 << 19, PeakMemoryBytes = 800 });

        var (name, sentence) = Assert.Single(PartialTraining.Of(Group([whole, part])));

        Assert.Equal(("only-layer4", "trains 5.0 % of the parameters, costs 25 % of the time, 80 % of the memory of fine-tune; a checkpoint of what trains has 1.50 MiB"), ($"{name}", sentence));
        Assert.Contains($"\n- `only-layer4` {sentence}.\n", Write(ReportBuilder.Build(Set(Environment([whole, part])))), StringComparison.Ordinal);
        // A process's memory and a whole GPU's are no share of each other.
        var grown = part.But(row => row with { MemorySource = MemorySource.CardGrowth });
        Assert.DoesNotContain("of the memory", Assert.Single(PartialTraining.Of(Group([whole, grown]))).Sentence, StringComparison.Ordinal);
        Assert.Contains("peak memory (resident-peak, card-growth)", Write(ReportBuilder.Build(Set(Environment([whole, grown])))), StringComparison.Ordinal);
        Assert.Empty(PartialTraining.Of(Group(both)));
    }

    private static MeasuredCase Plain(string suite, string policy, string phase, params double[] samplesMs) => Case(suite, policy, phase, samplesMs).But(row => row with { Kernels = KernelKind.Plain });

    private static TimeGroup Group(IReadOnlyList<MeasuredCase> cases) => Assert.Single(ReportBuilder.Build(Set(Environment(cases))).Environments[0].Times);

    private static string Write(Report report)
    {
        using var writer = new StringWriter();
        MarkdownReport.Write(report, writer);
        return writer.ToString();
    }
}
