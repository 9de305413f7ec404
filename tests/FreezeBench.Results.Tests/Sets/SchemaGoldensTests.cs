using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using FreezeBench.Results.Statistics;
using Xunit;

namespace FreezeBench.Results.Tests.Sets;

/// <summary>Results outlive programs: the fixtures of Goldens/README.md must be read for ever.</summary>
public sealed class SchemaGoldensTests
{
    private const string Id = "amd-epyc-2c-e56af278";

    [Fact]
    public void SchemaOne_IsReadWithUnknownsForTheColumnsThatCameLater()
    {
        var environment = Read("schema-1");

        Assert.Equal((Id, 2, null), (environment.Environment.Id, environment.Environment.Torch.Threads, environment.Environment.Gpu.MemoryBytes));
        AssertFirstCase(environment.Cases);
        Assert.Equal(2, environment.Cases.Count);
        AssertFirstEpoch(environment.Epochs);
        Assert.Equal(2, environment.Epochs.Count);
        Assert.Empty(environment.Runs);
    }

    [Fact]
    public void SchemaTwo_IsReadBesideRowsOfSchemaOne()
    {
        var environment = Read("schema-2");

        AssertFirstCase(environment.Cases);
        Assert.Equal([1, 1, 2, 2], environment.Cases.Select(measured => measured.Row.SchemaVersion));
        Assert.Equal([27838.202181, 25756.462272, 26784.088418], environment.Cases[2].SamplesMs);
        Assert.Equal(("extraction_and_floor", NoiseVerdict.Unknown), (environment.Cases[2].Row.Phase, environment.Cases[2].Row.NoiseVerdict));
        AssertFirstEpoch(environment.Epochs);
        Assert.Equal([1, 1, 2, 2], environment.Epochs.Select(row => row.SchemaVersion));
        var epoch = environment.Epochs[2];
        Assert.Equal(("fine-tune", "all", "cosine", "none"), (epoch.PolicyInForce, epoch.ClassSelection, epoch.Schedule, epoch.Augmentation));
        Assert.Equal((0.01, 0.01, 0d, 0d), (epoch.BaseLearningRateHead, epoch.BaseLearningRateBackbone, epoch.LabelSmoothing, epoch.FeatureExtractionTimeS));
        var run = Assert.Single(environment.Runs);
        Assert.Equal((RunRow.Finished, 3, 254.3147959, 0.847, null), (run.Status, run.EpochsDone, run.TrainTimeS, run.TestAccuracyFraction, run.EpochsToTarget));
        Assert.Equal("138e4e4ab926c7b36a12ac81e41beed8e9baf35b424751d6f567b83c65cedf53", run.FinalWeightsSha256);
    }

    [Fact]
    public void SchemaThree_IsReadBesideRowsOfTheOlderOnes()
    {
        var environment = Read("schema-3");

        AssertFirstCase(environment.Cases);
        Assert.Equal([1, 1, 2, 2, 3, 3], environment.Cases.Select(measured => measured.Row.SchemaVersion));
        Assert.All(environment.Cases.Take(4), old => Assert.Equal((null, null, "unknown"), (old.Row.AskedBatchSize, old.Row.FlopsUtilisation, old.Row.ThrottleReasons)));
        var row = environment.Cases[4].Row;
        Assert.Equal((128, 128, null, 0.3833691598691013), (row.BatchSize, row.AskedBatchSize, row.CudnnAutotune, row.FlopsUtilisation));
        Assert.Equal((0.0014970614422363795, null, "unknown"), (row.DataShareFraction, row.EnergyJ, row.EnergySource));
        Assert.Equal((null, null, "unknown"), (row.TemperatureMaxC, row.ClockMinMhz, row.ThrottleReasons));
        Assert.Equal(3909.701076, environment.Cases[4].SamplesMs[0]);
        AssertFirstEpoch(environment.Epochs);
        Assert.Equal("unknown", Assert.Single(environment.Runs).Precision);
    }

    [Fact]
    public void SchemaFour_TellsTheKernelsAndHowMuchTrains()
    {
        var environment = Read("schema-4");

        Assert.Equal([3, 3, 4, 4], environment.Cases.Select(measured => measured.Row.SchemaVersion));
        Assert.All(environment.Cases, measured => Assert.Equal(KernelKind.Fast, measured.Row.Kernels));
        Assert.Equal((null, null, null), Counts(environment.Cases[0].Row));
        Assert.Equal((5130, 11_181_642, 20_520), Counts(environment.Cases[2].Row));
        Assert.Equal([7.608814, 5.636212, 6.309307, 7.295016], environment.Cases[2].SamplesMs);
        Assert.All(environment.Epochs, row => Assert.Equal(KernelKind.Fast, row.Kernels));
        var run = Assert.Single(environment.Runs);
        Assert.Equal((KernelKind.Fast, 5130, 11_181_642, 20_520), (run.Kernels, run.TrainableParameters, run.TotalParameters, run.TrainedCheckpointBytes));

        static (long?, long?, long?) Counts(BenchmarkRow row) => (row.TrainableParameters, row.TotalParameters, row.TrainedCheckpointBytes);
    }

    [Fact]
    public void SchemaFive_TellsTheNodeAndWhatOthersDid()
    {
        var environment = Read("schema-5");

        Assert.Equal([4, 4, 5], environment.Cases.Select(measured => measured.Row.SchemaVersion));
        Assert.All(environment.Cases.Take(2), old => Assert.Equal(("unknown", null), (old.Row.Node, old.Row.OthersBusyCores)));
        Assert.Equal("af2c96e4", environment.Cases[2].Row.Node);
        Assert.Equal(4, environment.Cases[2].SamplesMs.Count);
        Assert.Equal([4, 4, 5, 5], environment.Epochs.Select(row => row.SchemaVersion));
        Assert.Equal(["unknown", "unknown", "af2c96e4", "af2c96e4"], environment.Epochs.Select(row => row.Node));
        Assert.Equal([null, null, 1.2537313432835822, 1.2], environment.Epochs.Select(row => row.OthersBusyCores));
        Assert.Equal([("unknown", null), ("af2c96e4", 1.2481751824817517)], environment.Runs.Select(row => (row.Node, row.OthersBusyCores)));
    }

    [Fact]
    public void SchemaSix_TellsTheHead_ItsPenalty_Shots_AndClasses_AndOlderRowsAreOfHeadsInSteps()
    {
        var environment = Read("schema-6");

        Assert.Equal(
            [(HeadKind.Lbfgs, (int?)null, (double?)0.03162277660168379), (HeadKind.Knn, null, null), (HeadKind.Lbfgs, 5, 10)],
            environment.Epochs.Select(row => (row.Head, row.Shots, row.HeadL2)));
        Assert.Equal([0.9123063683304647, 0.8864027538726333, 0.8464716006884682], environment.Epochs.Select(row => row.TestBalancedAccuracyFraction));
        Assert.All(environment.Epochs, row => Assert.Equal((null, null, null, null), (row.TestTop5Correct, row.TestTop5AccuracyFraction, row.LearningRateDecay, row.UnfreezeEvery)));
        Assert.Equal([(HeadKind.Lbfgs, (int?)null), (HeadKind.Knn, null), (HeadKind.Lbfgs, 5)], environment.Runs.Select(row => (row.Head, row.Shots)));
        Assert.Equal([("ants", 123, 70, 67), ("bees", 121, 83, 72)], environment.PerClass.Take(2).Select(row => (row.ClassName, row.TrainImages, row.TestImages, row.TestCorrect)));
        var older = Read("schema-5");
        Assert.All(older.Epochs, row => Assert.Equal((HeadKind.Sgd, null, null), (row.Head, row.Shots, row.HeadL2)));
        Assert.All(older.Runs, row => Assert.Equal((HeadKind.Sgd, null), (row.Head, row.Shots)));
        Assert.Empty(older.PerClass);
    }

    [Fact]
    public void SchemaSeven_TellsWhoseMemoryItIs_AndOlderRowsOfTheCpuAreOfTheProcess()
    {
        var environment = Read("schema-7");

        Assert.Equal([5, 7, 7], environment.Cases.Select(measured => measured.Row.SchemaVersion));
        Assert.Equal([423702528L, 388567040L, 416505856L], environment.Cases.Select(measured => measured.Row.PeakMemoryBytes!.Value));
        Assert.All(environment.Cases, measured => Assert.Equal((MemorySource.ResidentPeak, null, null), (measured.Row.MemorySource, measured.Row.ClockStartMhz, measured.Row.ClockEndMhz)));
        Assert.All(environment.Cases, measured => Assert.Equal((null, null, null), (measured.Row.BoundBy, measured.Row.HostIssueRatio, measured.Row.DeviceTimeMs)));
        Assert.All(Read("schema-1").Cases, measured => Assert.Equal(MemorySource.ResidentPeak, measured.Row.MemorySource));
    }

    // Of a GPU nobody wrote down whose memory it was.
    [Fact]
    public void OlderRowsOfAGpu_DoNotSayWhoseMemoryItIs()
    {
        using var temporary = new Temporary();
        var golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Sets", "Goldens", "schema-1", Id, "benchmarks.csv"));
        temporary.File("benchmarks.csv", golden.Replace(",cpu,", ",cuda:0,", StringComparison.Ordinal));

        Assert.All(ResultStore.Read<BenchmarkRow>(Path.Combine(temporary.Folder, "benchmarks.csv")), row => Assert.Equal(("cuda:0", true, null), (row.Device, row.PeakMemoryBytes > 0, row.MemorySource)));
    }

    [Theory]
    [InlineData("schema-1")]
    [InlineData("schema-2")]
    [InlineData("schema-3")]
    public void OlderRows_AreOfFastKernels_ThoseOfATwinOfPlainOnes(string fixture)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Sets", "Goldens", fixture, Id);
        using var temporary = new Temporary();
        foreach (var file in (string[])["benchmarks.csv", "samples.csv"])
            temporary.File(file, File.ReadAllText(Path.Combine(folder, file)).Replace(",torchsharp,", ",pytorch,", StringComparison.Ordinal));
        temporary.File("environment.json", File.ReadAllText(Path.Combine(folder, "environment.json")));

        var (own, twin) = (Read(fixture), Assert.Single(ResultSet.Load(temporary.Folder).Environments));

        Assert.All(own.Cases, measured => Assert.Equal(KernelKind.Fast, measured.Row.Kernels));
        Assert.All(own.Epochs, row => Assert.Equal(KernelKind.Fast, row.Kernels));
        Assert.All(own.Runs, row => Assert.Equal(KernelKind.Fast, row.Kernels));
        Assert.All(twin.Cases, measured => Assert.Equal((KernelKind.Plain, true), (measured.Row.Kernels, measured.SamplesMs.Count > 0)));
    }

    [Theory]
    [InlineData("schema-1")]
    [InlineData("schema-2")]
    [InlineData("schema-3")]
    [InlineData("schema-4")]
    [InlineData("schema-5")]
    [InlineData("schema-7")]
    public void EverySummary_AgreesWithItsSamples(string fixture) => Assert.All(Read(fixture).Cases, measured =>
    {
        var summary = SampleSummary.Of(measured.SamplesMs);
        Assert.Equal((summary.Count, summary.Median, summary.Min, summary.Max), (measured.Row.SampleCount, measured.Row.MedianMs, measured.Row.MinMs, measured.Row.MaxMs));
        Assert.Equal(summary.Mean, measured.Row.MeanMs, summary.Mean * 1e-14);
    });

    [Fact]
    public void EverySchemaVersion_HasItsFixture() => Assert.Equal(
        Enumerable.Range(1, IResultRow.CurrentSchemaVersion).Select(version => $"schema-{version}"),
        Directory.EnumerateDirectories(Path.Combine(AppContext.BaseDirectory, "Sets", "Goldens")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    private static EnvironmentResults Read(string fixture) =>
        Assert.Single(ResultSet.Load(Path.Combine(AppContext.BaseDirectory, "Sets", "Goldens", fixture)).Environments);

    private static void AssertFirstCase(IReadOnlyList<MeasuredCase> cases)
    {
        var row = cases[0].Row;
        Assert.Equal((1, "20261124T104539Z-ee2f5c25", Id, "82c978f5e328341ab03f1598ae0709f11c479dd9", false), (row.SchemaVersion, row.RunId, row.EnvironmentId, row.Commit, row.Dirty));
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 10, 45, 39, TimeSpan.Zero).AddTicks(1889356), row.UtcTime);
        Assert.Equal(("epoch", "fine-tune", "epoch", 64, 512), (row.Suite, row.Policy, row.Phase, row.BatchSize, row.Images));
        Assert.Equal((7, 2130.3483732857144, 668_819_456L, NoiseVerdict.Quiet, null), (row.SampleCount, row.MeanMs, row.PeakMemoryBytes, row.NoiseVerdict, row.Throttled));
        Assert.Equal([2085.552166, 2077.14434, 2081.002264, 2058.151657, 2156.531411, 2225.426429, 2228.630346], cases[0].SamplesMs);
    }

    private static void AssertFirstEpoch(IReadOnlyList<AccuracyRow> epochs)
    {
        var row = epochs[0];
        Assert.Equal((1, "fine-tune", 1, 10, 2.1488645464579266, 119), (row.SchemaVersion, row.Policy, row.Epoch, row.Epochs, row.TrainLoss, row.TestCorrect));
        Assert.Equal((10.5365616, 284.72286443046085, null), (row.TrainTimeS, row.ThroughputImagesPerS, row.BatchNormDrift));
        Assert.All((string[])[row.PolicyInForce, row.ClassSelection, row.Schedule, row.Augmentation], text => Assert.Equal("unknown", text));
        Assert.All((double?[])[row.BaseLearningRateHead, row.BaseLearningRateBackbone, row.LabelSmoothing, row.FeatureExtractionTimeS], number => Assert.Null(number));
    }
}
