using FreezeBench.Accuracy.Tests.Options;
using FreezeBench.Results.Rows;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Runs;

public class FeatureCacheTests
{
    private static readonly string[] command = [.. Runner.Synthetic, "--policies", "frozen-cached,probe-then-tune", "--epochs", "2"];

    [Fact]
    public void SecondCommand_ReadsWhatTheFirstExtracted_SaysSo_AndLearnsTheSame()
    {
        using var folder = new TemporaryFolder();
        var (first, firstEnds, firstProgress) = Run(folder, "first");
        var (second, secondEnds, secondProgress) = Run(folder, "second");

        // Both strategies train the same features first.
        Assert.Equal(["extracted", "none", "disk", "none"], first.Select(row => row.FeatureCache));
        Assert.Equal(["disk", "none", "disk", "none"], second.Select(row => row.FeatureCache));
        Assert.Equal(Learned.All(first, firstEnds), Learned.All(second, secondEnds));
        Assert.Equal(64, firstEnds[0].FinalWeightsSha256.Length);
        Assert.All(first.Concat(second).Where(row => row.FeatureCache != "none"), row => Assert.True(row.FeatureExtractionTimeS > 0));
        Assert.Contains("features of 20 images: extracted, kept on disk", firstProgress, StringComparison.Ordinal);
        Assert.DoesNotContain("extracted", secondProgress, StringComparison.Ordinal);
        Assert.Contains("features of 12 images: read from disk", secondProgress, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutACache_EveryRunExtracts_AndNothingIsLeft()
    {
        using var folder = new TemporaryFolder();
        var (rows, _, progress) = Run(folder, "only", "--no-feature-cache");

        Assert.Equal(["extracted", "none", "extracted", "none"], rows.Select(row => row.FeatureCache));
        Assert.Contains("kept nowhere: every run extracts its own", progress, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("features")));
    }

    [Fact]
    public void PoliciesThatTrainOnImages_SayNothingOfFeatures_AndCountTheirWaitForData()
    {
        var run = Runner.Run([.. Runner.Synthetic, "--policies", "fine-tune,frozen"]);

        Assert.All(run.Rows, row => Assert.Equal("none", row.FeatureCache));
        Assert.All(run.Rows, row => Assert.InRange(row.DataShareFraction!.Value, 1e-9, 1));
        Assert.DoesNotContain("features", run.Progress, StringComparison.Ordinal);
    }

    [Fact]
    public void FolderAndNoCache_AreNotBothGiven() => Assert.Equal(
        ["--feature-cache is 'here', and --no-feature-cache keeps no features; leave one of them out."], Parsed.Conflicts("--feature-cache", "here", "--no-feature-cache"));

    [Fact]
    public void DefaultFolder_IsInTheUsersCache()
    {
        var cache = FreezeBench.Torch.Loading.UserCache.Find();
        Assert.SkipWhen(cache is null, "This user has no home folder.");
        Assert.Equal(Path.Combine(cache!, "features"), Parsed.Settings().FeatureFolder);
        Assert.Null(Parsed.Settings("--no-feature-cache").FeatureFolder);
        Assert.Equal(Path.GetFullPath("here"), Parsed.Settings("--feature-cache", "here").FeatureFolder);
    }

    private static (IReadOnlyList<AccuracyRow> Rows, IReadOnlyList<RunRow> Ends, string Progress) Run(TemporaryFolder folder, string name, params string[] more)
    {
        var (results, cache) = (folder.File(name), more is [] ? new[] { "--feature-cache", folder.File("features") } : more);
        using TestConsole output = new(), progress = new();
        progress.Profile.Width = 1000;
        Assert.Equal(0, AccuracyProgram.Run([.. command, .. cache, "--out", results, "--checkpoint-dir", folder.File("checkpoints")], output, progress));
        var store = new ResultStore(Directory.GetDirectories(results).Single());
        return (store.Read<AccuracyRow>(), store.Read<RunRow>(), progress.Output);
    }
}
