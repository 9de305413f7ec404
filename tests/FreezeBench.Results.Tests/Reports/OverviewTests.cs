using FreezeBench.Results.Machine;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using Xunit;
using static FreezeBench.Results.Tests.Reports.MadeUp;

namespace FreezeBench.Results.Tests.Reports;

public class OverviewTests
{
    private static readonly string[] others = ["fine-tune", "frozen", "frozen-train-bn", "from-layer1"];

    private static readonly EnvironmentRecord slow = Examples.Cpu;
    private static readonly EnvironmentRecord quick = Examples.Cpu with { Machine = Examples.Cpu.Machine with { CpuModel = "Quick CPU", CpuVectorExtension = "avx512" } };

    [Fact]
    public void Nothing_IsSaidToBeUnknown()
    {
        var overview = ReportBuilder.Build(Set()).Overview;

        Assert.Equal((null, 0), (overview.Settings, overview.Machines.Count));
        Assert.Equal(["What it costs in accuracy is not known: not measured here."], overview.Sentences);
    }

    [Fact]
    public void Machines_StandFastestFirst_AtTheStandardWorkload_WithPlainAndFast()
    {
        var overview = Of((slow, Standard(2000, 400, KernelKind.Fast)), (quick, [.. Standard(1000, 250, KernelKind.Fast), .. Standard(1500, 375, KernelKind.Plain), .. Other()]));

        Assert.StartsWith("resnet18-32px-fp32 of standard-1: resnet18, random weights, synthetic (1024 images an epoch)", overview.Settings, StringComparison.Ordinal);
        Assert.Equal(2, overview.Machines.Count);
        Assert.StartsWith("Quick", overview.Machines[0].Name, StringComparison.Ordinal);
        Assert.Equal((1024.0, 4.0, 1500.0), (overview.Machines[0].Of("fine-tune", KernelKind.Fast)!.ImagesPerS!.Value, overview.Machines[0].Of("frozen", KernelKind.Plain)!.SpeedUp!.Value, overview.Machines[0].Of("fine-tune", KernelKind.Plain)!.EpochMs.Value));
        Assert.Null(overview.Machines[1].Of("frozen", KernelKind.Plain));
        Assert.Matches(@"^Freezing the backbone makes an epoch 4\.0x \(.*\) faster with plain layers \(n = 5\) and 4\.0x \(.*\) to 5\.0x \(.*\) faster with FreezeBench's fast layers on 2 machines\.$", overview.Sentences[0]);

        // More epochs of more policies at another size do not win over the standard workload.
        static IEnumerable<MeasuredCase> Other() => others.Select(policy => Case("epoch", policy, "epoch", 5));
    }

    [Fact]
    public void RunsOfACase_AreTheSample_AndTheOldCommitsAreNot()
    {
        MeasuredCase[] runs =
        [
            .. Enumerable.Range(0, 3).SelectMany(run => Standard(1000 + 10 * run, 250, KernelKind.Fast).Select(measured => measured.In($"2026020{run + 1}T000000Z-0011aabb"))),
            .. Standard(9000, 250, KernelKind.Fast).Select(measured => measured.But(row => row with { RunId = "20250101T000000Z-0011aabb", Commit = new string('9', 40), UtcTime = row.UtcTime.AddYears(-1) })),
        ];
        var epoch = Of((slow, runs)).Machines[0].Of("fine-tune", KernelKind.Fast)!;

        // The geometric mean of 1000, 1010 and 1020 ms.
        Assert.Equal(Math.Cbrt(1000.0 * 1010 * 1020), epoch.EpochMs.Value, 1e-9);
        Assert.InRange(epoch.EpochMs.Lower!.Value, 850, 1000);
        Assert.Equal((3, 3), (epoch.EpochMs.Origin.Count, epoch.EpochMs.Origin.RunIds.Count));
    }

    [Fact]
    public void SlowNode_IsNamed()
    {
        IEnumerable<MeasuredCase> Runs(string node, double slower, int day) => Enumerable.Range(0, 3).SelectMany(run => Standard((1000 + 10 * run) * slower, (250 + 2 * run) * slower, KernelKind.Fast)
            .Select(measured => measured.In($"2026020{day + run}T000000Z-0011aabb").But(row => row with { Node = node })));
        string Name(Overview overview) => overview.Machines[0].Name;

        var overview = Of((slow, [.. Runs("aaaa1111", 1, 1), .. Runs("bbbb2222", 1.6, 4)]));

        Assert.Equal(2, overview.Notes.Count);
        Assert.Equal($"{Name(overview)} was measured on 2 nodes: aaaa1111 (n = 3), bbbb2222 (n = 3).", overview.Notes[0]);
        Assert.StartsWith($"Node bbbb2222 of {Name(overview)} is slow: 1.60x (", overview.Notes[1], StringComparison.Ordinal);
    }

    [Fact]
    public void MemoryOfUnlikeSources_IsNoMean_AndSaidOfMachines()
    {
        var (first, second) = (Standard(1000, 250, KernelKind.Fast), Standard(1000, 250, KernelKind.Fast).Select(measured => measured.In(NewerRun).But(row => row with { MemorySource = MemorySource.CardGrowth })));
        var overview = Of((slow, first), (quick, second));

        Assert.Equal([3.0 * (1 << 30), 3.0 * (1 << 30)], overview.Machines.Select(machine => machine.Of("fine-tune", KernelKind.Fast)!.PeakMemoryBytes!.Value));
        Assert.Matches("^Peak memory is not one quantity on all machines: .+ (resident-peak; .+ card-growth|card-growth; .+ resident-peak) ", Assert.Single(overview.Notes));
        Assert.Empty(Of((slow, first), (quick, first)).Notes);
        Assert.Null(Of((slow, [.. first, .. second])).Machines[0].Of("fine-tune", KernelKind.Fast)!.PeakMemoryBytes);
    }

    [Fact]
    public void Twin_IsARatioOfItsMachine_AndNoMachine()
    {
        var twin = slow with { Torch = slow.Torch with { TorchSharpVersion = "unused; PyTorch", LibtorchVersion = "2.6.0" } };
        var overview = Of((slow, Standard(1000, 250, KernelKind.Fast)), (twin, Standard(2000, 300, KernelKind.Plain).Select(measured => measured.But(row => row with { Framework = "pytorch" }))));

        var machine = Assert.Single(overview.Machines);
        Assert.Equal([("pytorch 2.6.0", "fine-tune", 2.0), ("pytorch 2.6.0", "frozen", 1.2)], machine.Twins.Select(ratio => (ratio.Framework, ratio.Policy, Math.Round(ratio.TimesOurs.Value, 9))));
        Assert.Equal(2, machine.EnvironmentIds.Count);
    }

    [Fact]
    public void NewestTwin_Counts_HoweverManyPoliciesAnOlderVersionHas()
    {
        EnvironmentRecord Version(string version) => slow with { Torch = slow.Torch with { TorchSharpVersion = "unused; PyTorch", LibtorchVersion = version } };
        IEnumerable<MeasuredCase> Twin(IEnumerable<MeasuredCase> cases) => cases.Select(measured => measured.But(row => row with { Framework = "pytorch", Kernels = KernelKind.Plain }));
        var older = Standard(3000, 600, KernelKind.Plain).Append(Standard(3000, 600, KernelKind.Plain).First().But(row => row with { Policy = "from-layer4" }));
        var newer = Standard(2000, 300, KernelKind.Plain).Select(measured => measured.In(NewerRun).But(row => row with { Commit = new string('9', 40), UtcTime = row.UtcTime.AddMonths(1) }));

        var overview = Of((slow, Standard(1000, 250, KernelKind.Fast)), (Version("1.13.0"), Twin(older)), (Version("2.6.0"), Twin(newer)));

        Assert.Equal(("pytorch 2.6.0", 1.2), (overview.Machines[0].Twin("frozen")!.Framework, Math.Round(overview.Machines[0].Twin("frozen")!.TimesOurs.Value, 9)));
    }

    [Fact]
    public void Table_HasTheNewestTwinAlone_TheQuickerWayOfIt()
    {
        TwinRatio Twin(string framework, double ratio, string policy = "frozen", KernelKind kernels = KernelKind.Fast) => new(framework, policy, kernels, new Figure { Value = ratio, Origin = MarkdownReportTests.Origin });
        var machine = Of((slow, Standard(1000, 250, KernelKind.Fast))).Machines[0] with
        {
            Twins = [Twin("pytorch 1.13.0a0", 1.1), Twin("pytorch 2.10.1", 3, "fine-tune"), Twin("pytorch 2.6.0", 9), Twin("pytorch 2.10.1", 3), Twin("pytorch-compile 2.10.1", 2), Twin("pytorch-compile 2.10.1", 1.5, kernels: KernelKind.Plain)],
        };

        Assert.Equal(("pytorch-compile 2.10.1", 2.0, KernelKind.Fast), (machine.Twin("frozen")!.Framework, machine.Twin("frozen")!.TimesOurs.Value, machine.Twin("frozen")!.Kernels));
        Assert.Equal(3.0, machine.Twin("fine-tune")!.TimesOurs.Value);
        Assert.Null(machine.Twin("from-layer4"));
        var report = ReportBuilder.Build(Set(In(slow, Standard(1000, 250, KernelKind.Fast))));
        var text = MarkdownReportTests.Write(report with { Overview = report.Overview with { Machines = [machine] } });
        Assert.Contains("| peak memory | PyTorch by ours, `frozen` |\n", text, StringComparison.Ordinal);
        Assert.Matches(@"\| 2\.00x<sup>[0-9]+</sup> pytorch-compile 2\.10\.1 \|\n", text);
        Assert.Matches(@"\n\| pytorch 1\.13\.0a0 \| `frozen` \| 1\.10x", text);
    }

    [Fact]
    public void DisturbedMachine_IsShown_AndCountsInNoSentence()
    {
        var overview = ReportBuilder.Build(Set(
            In(slow, Standard(1000, 250, KernelKind.Fast)) with { Remarks = [Disturbed(Run, "a build ran")] }, In(quick, Standard(2000, 400, KernelKind.Fast)))).Overview;

        Assert.True(overview.Machines[1].Of("frozen", KernelKind.Fast)!.SpeedUp!.Origin.Disturbed);
        Assert.StartsWith("Freezing the backbone makes an epoch 5.0x", overview.Sentences[0], StringComparison.Ordinal);
        Assert.DoesNotContain("machines", overview.Sentences[0], StringComparison.Ordinal);
    }

    // 10 s and 11 s an epoch on both sides but for fine-tune, which takes three times as long: its first epoch ends at 30 s, frozen's third at 33 s.
    [Fact]
    public void Accuracy_IsComparedAtEqualEpochs_AndAtEqualTime()
    {
        var tuned = Training("fine-tune", 1, 800, 850, 900).Select(row => row with { TrainTimeS = 3 * row.TrainTimeS });
        var overview = ReportBuilder.Build(Set(Environment(epochs: [.. Training("frozen", 1, 600, 650, 700), .. tuned]))).Overview;

        Assert.Equal(
            [
                "After 3 epochs frozen has a test accuracy 20.0 points lower (16.6 to 23.4) than fine-tune on 50000 training images of cifar10 with 10 classes at 32 px with resnet18 (n = 1).",
                "In the 33.0 s that 3 epochs of frozen take on 50000 training images of cifar10 with 10 classes at 32 px with resnet18, fine-tune ends 1 epoch: then frozen has a test accuracy 10.0 points lower (6.2 to 13.8).",
            ],
            overview.Sentences);
        Assert.Equal(["fine-tune", "frozen"], overview.Training!.Policies.Select(policy => policy.Policy));
    }

    // 50,000 images whose times were disturbed, and 2,000 with more seeds, classes and policies whose times count.
    [Fact]
    public void DisturbedTime_HidesNoAccuracy()
    {
        string[] policies = ["fine-tune", "frozen", "from-layer4"];
        AccuracyRow[] many = [.. Training("fine-tune", 1, 843), .. Training("frozen-cached", 1, 775)];
        var few = policies.SelectMany(policy => Training(policy, 1, 700, 700).Concat(Training(policy, 2, 710, 710))).Select(row => row with { RunId = NewerRun, TrainTotal = 2000, Classes = 100, ResolutionPx = 64 });
        var overview = ReportBuilder.Build(Set(Environment(epochs: [.. many, .. few], remarks: [Disturbed(Run, "a build ran")]))).Overview;

        Assert.StartsWith("After 1 epoch frozen-cached has a test accuracy 6.8 points lower (3.4 to 10.2) than fine-tune on 50000 training images of cifar10 with 10 classes at 32 px with resnet18 (n = 1)", overview.Sentences[0], StringComparison.Ordinal);
        Assert.StartsWith("In the 21.0 s that 2 epochs of frozen take on 2000 training images of cifar10 with 100 classes at 64 px with resnet18, ", overview.Sentences[1], StringComparison.Ordinal);
        Assert.Equal(["fine-tune", "frozen", "from-layer4"], overview.Training!.Policies.Select(policy => policy.Policy));
    }

    // Alike but for the network, whose name would put the disturbed one first.
    [Fact]
    public void OfEqualTrainings_TheOneWhoseTimesCount_SaysAll()
    {
        AccuracyRow[] disturbed = [.. Training("fine-tune", 1, 843), .. Training("frozen", 1, 775)];
        var idle = disturbed.Select(row => row with { RunId = NewerRun, Backbone = "vit", TestAccuracyFraction = row.TestAccuracyFraction - 0.1 });
        var overview = ReportBuilder.Build(Set(Environment(epochs: [.. disturbed, .. idle], remarks: [Disturbed(Run, "a build ran")]))).Overview;

        Assert.Equal(2, overview.Sentences.Count);
        Assert.All(overview.Sentences, sentence => Assert.Contains(" px with vit", sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void SlowSide_ThatEndsNoEpochInTheTime_IsSaid()
    {
        var tuned = Training("fine-tune", 1, 800).Select(row => row with { TrainTimeS = 600 });
        var overview = ReportBuilder.Build(Set(Environment(epochs: [.. Training("frozen", 1, 600, 650), .. tuned]))).Overview;

        Assert.Equal("In the 21.0 s that 2 epochs of frozen take on 50000 training images of cifar10 with 10 classes at 32 px with resnet18, fine-tune does not end its first epoch, which takes 600 s.", overview.Sentences[^1]);
    }

    [Fact]
    public void TwoGpusAndACpu_GoTheWholeWay()
    {
        var (one, other) = (Examples.Gpu, Examples.Gpu with { Gpu = Examples.Gpu.Gpu with { Name = "NVIDIA Other 8GB" } });
        IEnumerable<MeasuredCase> OnGpu(double ms) => Standard(ms, ms / 3, KernelKind.Fast).Select(measured => measured.But(row => row with { Device = "cuda:0", CudnnAutotune = true, Threads = 16 }));
        var overview = Of((slow, Standard(1000, 250, KernelKind.Fast)), (one, OnGpu(20)), (other, OnGpu(45)));

        Assert.Equal([one.Gpu.Name, "NVIDIA Other 8GB", "AMD EPYC, AVX-512, 2 cores"], overview.Machines.Select(machine => machine.Name));
        Assert.Contains("3.0x", overview.Sentences[0], StringComparison.Ordinal);
        Assert.Contains("on 3 machines", overview.Sentences[0], StringComparison.Ordinal);
    }

    // 2 s at 3.60 EUR an hour.
    [Theory]
    [InlineData("AMD EPYC, AVX-512, 2 cores=3.60")]
    [InlineData("amd epyc, avx-512, 2 cores = 3.6 ")]
    [InlineData("ID=3.6")]
    public void Price_GivesTheCostOfAnEpoch(string text)
    {
        var set = Set(In(slow, Standard(2000, 400, KernelKind.Fast)));
        var machine = ReportBuilder.Build(set, Prices.Parse([text.Replace("ID", slow.Id, StringComparison.Ordinal)])).Overview.Machines[0];

        Assert.Equal(0.002, machine.EpochEur(new PolicyName("fine-tune", KernelKind.Fast))!.Value, 1e-12);
        Assert.Null(machine.EpochEur(new PolicyName("fine-tune", KernelKind.Plain)));
        Assert.Null(ReportBuilder.Build(set).Overview.Machines[0].EpochEur(new PolicyName("fine-tune", KernelKind.Fast)));
    }

    // 33 s of all epochs and 21 s up to the second at 3.60 EUR an hour; the second seed of fine-tune did not reach the target.
    [Fact]
    public void Price_GivesTheCostOfTrainings_AndToTheTargetThatEverySeedReached()
    {
        AccuracyRow[] rows = [.. new[] { ("frozen", 1), ("fine-tune", 1), ("fine-tune", 2) }.SelectMany(run => Training(run.Item1, run.Item2, 600, 650, 700)).Select(row => row with { EnvironmentId = slow.Id })];
        var ends = rows.Where(row => row.Epoch == 3).Select(row => End(row, RunRow.Finished) with { TargetAccuracyFraction = 0.65, EpochsToTarget = 2, TargetTrainTimeS = row.Seed == 1 ? 21 : null });
        var report = ReportBuilder.Build(Set(In(slow, Standard(2000, 400, KernelKind.Fast)) with { Epochs = rows, Runs = [.. ends] }), Prices.Parse([$"{slow.Id}=3.6"]));

        Assert.Equal(
            [("fine-tune", 0.033, 0.011, 0.65, null), ("frozen", 0.033, 0.011, 0.65, 0.021)],
            report.Overview.TrainingCosts.Select(cost => (cost.Policy, Math.Round(cost.AllEpochsEur, 9), Math.Round(cost.EpochEur, 9), cost.TargetAccuracy!.Value, cost.TargetEur is { } eur ? Math.Round(eur, 9) : (double?)null)));
        var text = MarkdownReportTests.Write(report);
        Assert.Contains("\n| policy | test accuracy | all epochs, EUR | an epoch, EUR | target accuracy | to the target, EUR |\n", text, StringComparison.Ordinal);
        Assert.Contains("\n| `frozen` | 70.0 % | 0.0330 | 0.0110 | 65.0 % | 0.0210 |\n", text, StringComparison.Ordinal);
        Assert.Contains("\n| `fine-tune` | 70.0 % | 0.0330 | 0.0110 | 65.0 % | – |\n", text, StringComparison.Ordinal);
        Assert.Empty(ReportBuilder.Build(Set(In(slow, Standard(2000, 400, KernelKind.Fast)) with { Epochs = rows })).Overview.TrainingCosts);
    }

    [Theory]
    [InlineData("no price", "--price is 'no price'; it must be NAME=EUR-PER-HOUR")]
    [InlineData("=3", "--price is '=3'")]
    [InlineData("a=-3", "--price is 'a=-3'")]
    [InlineData("a=NaN", "--price is 'a=NaN'")]
    [InlineData("a=", "--price is 'a='")]
    [InlineData("a=3,5", "--price is 'a=3,5'")]
    public void BadPrice_IsRefused(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<UserErrorException>(() => Prices.Parse([text])).Message, StringComparison.Ordinal);

    [Fact]
    public void PriceOfNoMachine_NamesThoseThatThereAre()
    {
        var error = Assert.Throws<UserErrorException>(() => ReportBuilder.Build(Set(In(slow, Standard(2000, 400, KernelKind.Fast))), Prices.Parse(["NVIDIA H200=3.8"])));

        Assert.Equal($"A price names 'NVIDIA H200', which is no machine of the table. It has AMD EPYC, AVX-512, 2 cores ({slow.Id}).", error.Message);
        Assert.Contains("twice", Assert.Throws<UserErrorException>(() => Prices.Parse(["a=1", "A=2"])).Message, StringComparison.Ordinal);
    }

    /// <summary>Epochs of the standard workload.</summary>
    private static IEnumerable<MeasuredCase> Standard(double tunedMs, double frozenMs, KernelKind kernels) =>
        new[] { ("fine-tune", tunedMs), ("frozen", frozenMs) }.Select(epoch => Case("epoch", epoch.Item1, "epoch", epoch.Item2, epoch.Item2, epoch.Item2, epoch.Item2, epoch.Item2)
            .But(row => row with { BatchSize = 128, Images = 1024, Kernels = kernels }));

    private static EnvironmentResults In(EnvironmentRecord record, IEnumerable<MeasuredCase> cases) =>
        Environment([.. cases.Select(measured => measured.But(row => row with { EnvironmentId = record.Id }))], record: record) with { Folder = $"/results/{record.Id}" };

    private static Overview Of(params (EnvironmentRecord Record, IEnumerable<MeasuredCase> Cases)[] environments) =>
        ReportBuilder.Build(Set([.. environments.Select(environment => In(environment.Record, environment.Cases))])).Overview;
}
