using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using Xunit;

namespace FreezeBench.Results.Tests.Reports;

/// <summary>The report of the repository's own results against the CSV files, read line by line.</summary>
public class CommittedResultsTests
{
    private const string BenchmarkRun = "20261124T104539Z-ee2f5c25";

    private static readonly string folder = Path.Combine(Root(), "results", "amd-epyc-2c-e56af278");
    private static readonly Report report = ReportBuilder.Build(ResultSet.Load(folder));

    [Theory]
    [InlineData("backward", 232.0)]
    [InlineData("forward", 36.0)]
    public void PhaseOfFineTune_IsTheCentreOfItsSamples(string phase, double aboutMs)
    {
        var samples = Samples("step", "fine-tune", phase);
        var pairs = samples.SelectMany((first, index) => samples.Skip(index).Select(second => (first + second) / 2)).Order().ToList();
        var figure = FirstRow("fine-tune").Phases.Single(part => part.Phase == phase).TimeMs;

        // 55 averages of two of ten samples; the middle one.
        Assert.Equal(pairs[27], figure.Value, 1e-9);
        Assert.Equal(aboutMs, figure.Value, 0.5);
        Assert.Equal((10, BenchmarkRun), (figure.Origin.Count, Assert.Single(figure.Origin.RunIds)));
    }

    [Fact]
    public void SpeedUpOfFrozen_IsTheMedianOfAllRatiosOfSamples()
    {
        var ratios = Samples("epoch", "fine-tune", "epoch").SelectMany(tuned => Samples("epoch", "frozen", "epoch").Select(frozen => tuned / frozen)).Order().ToList();

        Assert.Equal(49, ratios.Count);
        Assert.Equal(ratios[24], FirstRow("frozen").SpeedUp!.Value, 1e-9);
    }

    [Fact]
    public void Accuracies_AreThoseOfTheLastEpochs()
    {
        var group = report.Environments[0].Accuracies.Single(group => group.Settings.StartsWith("ants-bees-320", StringComparison.Ordinal));
        var seeds = Read<AccuracyRow>().Where(row => row is { Dataset: "ants-bees-320", Policy: "frozen", Epoch: 5 }).Select(row => row.TestAccuracyFraction).ToList();

        Assert.Equal(3, seeds.Count);
        Assert.Equal(seeds.Average(), group.Policies.Single(policy => policy.Policy == "frozen").FinalAccuracy.Value, 1e-12);
    }

    [Fact]
    public void EveryRun_IsInAGroup() => Assert.Equal(
        Read<AccuracyRow>().Select(row => (row.RunId, row.Policy, row.Seed, row.Classes)).Distinct().Count(),
        report.Environments[0].Accuracies.Sum(group => group.Policies.Sum(policy => policy.Seeds.Count)));

    [Fact]
    public void Answer_IsOfTheStandardWorkload_AndOfTheMostTrainingImages() => Assert.Matches(
        @"^frozen is 8\.1x \(6\.7 to 9\.8\) faster per epoch than fine-tune at 32 px, batch 128.*; after 1 epoch of either frozen-cached has a test accuracy 11\.2 points lower \(.*\) than fine-tune on 50000 training images of cifar10-jpeg with 10 classes at 64 px with resnet18 \(n = 1.*\)\.$",
        report.Environments[0].Answer);

    [Fact]
    public void DisturbedTimes_AreMarked()
    {
        var lossless = report.Environments[0].Accuracies[0];

        Assert.StartsWith("cifar10-lossless, 10 classes, 128 px", lossless.Settings, StringComparison.Ordinal);
        Assert.All(lossless.Policies, policy => Assert.Equal((true, false), (policy.TrainTimeS.Origin.Disturbed, policy.FinalAccuracy.Origin.Disturbed)));
        Assert.Contains("other work", Assert.Single(report.Environments[0].DisturbedRuns).Reason, StringComparison.Ordinal);
    }

    private static PolicyTimes FirstRow(string policy) => report.Environments[0].Times.First(group => group.Settings.Contains("(512 images an epoch), 10 classes, 32 px, batch 64", StringComparison.Ordinal)).Policies.Single(row => row.Policy == policy);

    private static List<double> Samples(string suite, string policy, string phase) =>
        [.. Read<SampleRow>().Where(row => row.RunId == BenchmarkRun && row.Suite == suite && row.Policy == policy && row.Phase == phase).Select(row => row.ValueMs)];

    private static IReadOnlyList<TRow> Read<TRow>() where TRow : IResultRow => ResultStore.Read<TRow>(Path.Combine(folder, TRow.FileName));

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Benchmarks.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} has a Benchmarks.sln.");
    }
}
