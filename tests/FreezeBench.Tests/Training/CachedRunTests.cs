using FreezeBench.Features;
using FreezeBench.Training;
using Xunit;

namespace FreezeBench.Tests.Training;

/// <summary>A run that finds its features on disk is the run that extracts them.</summary>
public class CachedRunTests
{
    [Theory]
    [InlineData("frozen-cached")]
    [InlineData("probe-then-tune")]
    public void RunWithAWarmCache_ComesToTheWeightsOfAColdOne_AndOfOneWithout(string strategy)
    {
        using var temporary = new Temporary();
        var (without, _, _) = Run(strategy, null);
        var (cold, coldOrigins, coldSaid) = Run(strategy, temporary.Folder);
        var (warm, warmOrigins, warmSaid) = Run(strategy, temporary.Folder);

        Assert.Equal((without, without), (cold, warm));
        Assert.Equal([FeatureOrigin.Extracted, null, null, null], coldOrigins);
        Assert.Equal([FeatureOrigin.Disk, null, null, null], warmOrigins);
        // The training set's, then the test set's.
        Assert.Equal(["features of 10 images: extracted, kept on disk", "features of 7 images: extracted, kept on disk"], coldSaid);
        Assert.Equal(["features of 10 images: read from disk", "features of 7 images: read from disk"], warmSaid);
    }

    [Fact]
    public void RunFromOtherWeights_FindsNothing()
    {
        using var temporary = new Temporary();
        Run("frozen-cached", temporary.Folder);
        Assert.Equal(FeatureOrigin.Extracted, Run("frozen-cached", temporary.Folder, seed: 2).Origins[0]);
    }

    [Fact]
    public void FileThatWasDamaged_CostsAnExtraction_AndNothingElse()
    {
        using var temporary = new Temporary();
        var (cold, _, _) = Run("frozen-cached", temporary.Folder);
        foreach (var file in Directory.GetFiles(temporary.Folder))
        {
            var bytes = File.ReadAllBytes(file);
            bytes[^1] ^= 1;
            File.WriteAllBytes(file, bytes);
        }
        var (again, origins, said) = Run("frozen-cached", temporary.Folder);
        Assert.Equal(cold, again);
        Assert.Equal(FeatureOrigin.Extracted, origins[0]);
        Assert.Contains("damaged", said[0], StringComparison.Ordinal);
        Assert.Equal(FeatureOrigin.Disk, Run("frozen-cached", temporary.Folder).Origins[0]);
    }

    [Fact]
    public void TimeOfTheData_IsPartOfTheTraining()
    {
        using var training = TinyTraining.TinyImages();
        using var test = TinyTraining.TinyImages(7, seed: 2);
        using var run = new TrainingRun(TinyRun.Options(training, test, Strategy.Parse("fine-tune")));
        Assert.All(run.Finish(), outcome => Assert.True(outcome.DataTime > TimeSpan.Zero && outcome.DataTime < outcome.TrainTime));
    }

    private static (string Weights, List<FeatureOrigin?> Origins, List<string> Said) Run(string strategy, string? folder, int seed = 1)
    {
        List<string> said = [];
        using var training = TinyTraining.TinyImages();
        using var test = TinyTraining.TinyImages(7, seed: 2);
        using var run = new TrainingRun(TinyRun.Options(training, test, Strategy.Parse(strategy)) with
        {
            Seed = seed,
            FeatureCache = folder is null ? null : new FeatureCache(folder, "here", said.Add),
        });
        var origins = run.Finish().ConvertAll(outcome => outcome.Features);
        return (run.WeightsSha256(), origins, said);
    }
}
