using FreezeBench.Benchmarks.Tests.Faults;
using FreezeBench.Faults;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Running;

/// <summary>A benchmark on images of the user's own, from the command line to the row.</summary>
public sealed class ImageFolderBenchmarkTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-images-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void QuickRun_MeasuresOnTheFolder_AndItsRowSaysSo()
    {
        Assert.SkipUnless(BothPrograms.Measure, BothPrograms.DebugRefusal);
        Assert.SkipUnless(ProgramRun.HasShell, "It starts programs by bash.");
        var images = Pictures.In(Path.Combine(folder, "ants-and-bees"));

        var run = ProgramRun.Of(BothPrograms.Benchmarks, BothPrograms.Benchmark(folder, "--dataset", $"imagefolder:{images}"));

        Assert.True(run.ExitCode == 0, $"{run.Output}{run.Errors}");
        var store = new ResultStore(Directory.GetDirectories(Path.Combine(folder, "results")).Single());
        Assert.All(store.Read<BenchmarkRow>(), row => Assert.Equal(("imagefolder-ants-and-bees", 2), (row.Dataset, row.Classes)));
        Assert.NotEmpty(store.Read<SampleRow>());
    }

    [Fact]
    public void TooManyImagesAsked_IsOneMessage()
    {
        Assert.SkipUnless(BothPrograms.Measure, BothPrograms.DebugRefusal);
        Assert.SkipUnless(ProgramRun.HasShell, "It starts programs by bash.");
        var images = Pictures.In(Path.Combine(folder, "ants-and-bees"));

        string[] asked = [.. BothPrograms.Benchmark(folder, "--dataset", $"imagefolder:{images}")];
        asked[Array.IndexOf(asked, "--images-per-epoch") + 1] = "512";
        var run = ProgramRun.Of(BothPrograms.Benchmarks, asked);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--images-per-epoch is 512, but the training set has 10 images. Pass 10 or fewer.", run.Errors, StringComparison.Ordinal);
    }
}
