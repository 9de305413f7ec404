using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

/// <summary>mlnet.csv beside the other files: checked, merged, listed and reported.</summary>
public sealed class MlNetRowsTests : IDisposable
{
    private readonly MadeUpResults results = new MadeUpResults().Filled();

    public void Dispose() => results.Dispose();

    [Fact]
    public void GoodRows_AreNoFinding_AndAreCounted()
    {
        Append(results.Folder, Row(1), Row(2));

        var run = ToolRun.Of("check", results.Root, "--strict");

        Assert.Equal((0, "0 errors and 0 notes in 16 rows of 1 environment.\n"), (run.ExitCode, run.Output.ReplaceLineEndings("\n")));
    }

    [Theory]
    [InlineData("test_correct", "46", "test_accuracy_fraction")]
    [InlineData("feature_time_s", "9", "feature_images_per_s")]
    [InlineData("network_time_s", "9", "network_images_per_s")]
    [InlineData("round", "3", "it is 3 of 2 rounds.")]
    [InlineData("environment_id", "another-1c-00000000", "it is another-1c-00000000")]
    public void BrokenCell_IsFound(string column, string value, string message)
    {
        Append(results.Folder, Row(1), Row(2));
        results.Edit(MlNetRow.FileName, 3, column, value);

        var run = ToolRun.Of("check", results.Root);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void RoundThatIsThereTwice_IsFound()
    {
        Append(results.Folder, Row(1), Row(1));

        Assert.Contains("this round is in line 2 already", ToolRun.Of("check", results.Root).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_CarriesTheRows_Once()
    {
        Append(results.Folder, Row(1), Row(2));
        var target = results.Another("target");

        Assert.Equal(0, ToolRun.Of("merge", results.Root, "--into", target).ExitCode);
        Assert.Contains("Nothing new", ToolRun.Of("merge", results.Root, "--into", target).Output, StringComparison.Ordinal);

        Assert.Equal([Row(1), Row(2)], new ResultStore(Path.Combine(target, MadeUpResults.Id)).Read<MlNetRow>());
    }

    [Fact]
    public void List_CountsTheRounds()
    {
        Append(results.Folder, Row(1), Row(2));

        Assert.Matches(@"2\s+rounds", ToolRun.Of("list", results.Root, "--runs").Output);
    }

    [Fact]
    public void Report_HasATableOfThem_BesideOurFeaturesOfTheSameImages()
    {
        var ofMlNet = MadeUpResults.Environment with { Torch = MadeUpResults.Environment.Torch with { TorchSharpVersion = "unused; ML.NET" } };
        var store = new ResultStore(Path.Combine(results.Root, ofMlNet.Id));
        store.WriteEnvironment(ofMlNet);
        Append(store.Folder, Row(1) with { EnvironmentId = ofMlNet.Id }, Row(2) with { EnvironmentId = ofMlNet.Id, FeatureTimeS = 6, FeatureImagesPerS = 50 });
        // 300 images in 50 ms, and 550 ms for the head; frozen trained the same images without features.
        AccuracyRow[] epochs =
        [
            .. Enumerable.Range(1, 3).Select(epoch => MadeUpResults.Epoch(MadeUpResults.LaterRunId, 1, epoch) with
            {
                Policy = "frozen-cached", PolicyInForce = "frozen-cached", FeatureExtractionTimeS = epoch == 1 ? 0.05 : 0, FeatureCache = epoch == 1 ? "extracted" : "none",
            }),
        ];
        new ResultStore(results.Folder).Append(epochs);
        new ResultStore(results.Folder).Append(MadeUpResults.End(epochs));

        var markdown = ToolRun.Of("report", results.Root, "--out", "-", "--format", "md").Output;
        var page = ToolRun.Of("report", results.Root, "--out", "-", "--format", "html").Output;

        var table = markdown[markdown.IndexOf("### Beside ML.NET: ", StringComparison.Ordinal)..];
        Assert.Matches("^### Beside ML.NET: imagefolder.{1,2}photos, 2 classes, 250 training and 50 test images\n", table);
        Assert.Matches(@"\n\| ML\.NET, lbfgs \| resnet18, Microsoft[^|]* 224 px \| 40\.0[^|]* \| 32\.0[^|]* \| 500 ms[^|]* \| 90\.0 % \(", table);
        Assert.Matches(@"\n\| frozen-cached \| resnet18, random, 32 px \| 6000[^|]* \| – \| 550 ms[^|]* \| 60\.0 % \(", table);
        Assert.DoesNotContain("\n| frozen \\|", table.Split("\n\n")[1], StringComparison.Ordinal);
        Assert.Contains("ML.NET, lbfgs makes 40.0 images/s into features and has a test accuracy of 90.0 % on imagefolder", markdown, StringComparison.Ordinal);
        Assert.All([">ML.NET, lbfgs</th>", ">frozen-cached</th>", "<h3>Beside ML.NET</h3>"], text => Assert.Contains(text, page, StringComparison.Ordinal));
        Assert.DoesNotContain("No times were measured here", page[page.IndexOf("ML.NET, lbfgs makes", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Equal(0, ToolRun.Of("check", results.Root).ExitCode);
    }

    private static void Append(string folder, params MlNetRow[] rows) => new ResultStore(folder).Append(rows);

    internal static MlNetRow Row(int round) => new()
    {
        SchemaVersion = IResultRow.CurrentSchemaVersion,
        RunId = MadeUpResults.RunId,
        EnvironmentId = MadeUpResults.Id,
        UtcTime = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Commit = MadeUpResults.Commit,
        Dirty = false,
        Dataset = "imagefolder:photos",
        DataHash = new string('a', 64),
        Backbone = "resnet18",
        Weights = "Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1",
        Policy = "frozen-cached",
        Trainer = "lbfgs",
        Classes = 2,
        Seed = 1,
        Round = round,
        Rounds = 2,
        ResolutionPx = 224,
        Threads = 2,
        Device = "cpu",
        TrainTotal = 250,
        TestTotal = 50,
        FeatureTimeS = 10,
        FeatureImagesPerS = 30,
        NetworkImages = 128,
        NetworkTimeS = 4,
        NetworkImagesPerS = 32,
        TrainTimeS = 0.5,
        EvaluationTimeS = 0.25,
        TestCorrect = 45,
        TestAccuracyFraction = 0.9,
        Node = "0011aabb",
        OthersBusyCores = 0.125,
    };
}
