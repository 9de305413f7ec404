using FreezeBench.Accuracy.Estimating;
using FreezeBench.Accuracy.Options;
using FreezeBench.Accuracy.Runs;
using FreezeBench.Downloads;
using FreezeBench.Kernels;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Tests.Rows;
using FreezeBench.Torch.Hardware;
using Spectre.Console.Testing;
using TorchSharp;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Estimating;

public class EstimateTests
{
    /// <summary>Steps of 1 s an image where the backbone trains, 0.1 s on features; evaluations a tenth of that; an extraction of 0.5 s an image; 2 s to build.</summary>
    private static PolicyCost Cost(Freezing.FreezingPolicy policy) => policy.CachesFeatures ? new(0.1, 0.01, 0.5, 2) : new(1, 0.1, 0, 2);

    [Fact]
    public void Parts_AddUp()
    {
        // 20 training and 12 test images.
        var estimate = Of("--policies", "fine-tune,frozen-cached", "--epochs", "1,frozen-cached=3", "--seeds", "1,2");

        var tuned = estimate.Runs[0];
        Assert.Equal((1, 20, null, 1.2), (tuned.Epochs, Math.Round(tuned.FirstEpochS, 9), tuned.LaterEpochS, Math.Round(tuned.EvaluationS, 9)));
        Assert.Equal((23.2, 46.4), (Math.Round(tuned.OneRunS, 9), Math.Round(tuned.AllS, 9)));
        // First epoch 2 + 10 of the extraction, then 2 each; 3 evaluations of 0.12 and the test images' extraction, 6; 2 to build.
        var cached = estimate.Runs[1];
        Assert.Equal((3, 12, 2, 0.12), (cached.Epochs, Math.Round(cached.FirstEpochS, 9), Math.Round(cached.LaterEpochS!.Value, 9), Math.Round(cached.EvaluationS, 9)));
        // Random weights: each seed extracts its own.
        Assert.Equal((24.36, 48.72), (Math.Round(cached.OneRunS, 9), Math.Round(cached.AllS, 9)));
        Assert.Equal(95.12, estimate.TotalS, 9);
    }

    [Fact]
    public void FeaturesThatTheCacheKeeps_AreExtractedOnce()
    {
        // All of the 2,048 and 512 images: (2048 + 512) 0.5 = 1280 s of extraction, for two seeds and two policies.
        string[] words = ["--policies", "frozen-cached,probe-then-tune", "--epochs", "2", "--seeds", "1,2", "--weights", "some.pth", "--resolution", "16", "--device", "cpu", "--dataset", "synthetic"];
        var kept = Parsed([.. words, "--feature-cache", "features"]);
        var anew = Parsed([.. words, "--no-feature-cache"]);

        Assert.Equal(3 * 1280, anew.TotalS - kept.TotalS, 6);
        Assert.Equal([anew.Runs[0].OneRunS, anew.Runs[1].OneRunS], kept.Runs.Select(runs => runs.OneRunS));
    }

    [Fact]
    public void Selections_AreCountedByTheirImages()
    {
        var estimate = Of("--policies", "fine-tune", "--classes", "2,10");

        Assert.Equal([2, 10], estimate.Runs.Select(runs => runs.Classes));
        Assert.All(estimate.Runs, runs => Assert.Equal(20, runs.FirstEpochS, 9));
    }

    [Fact]
    public void HeadThatIsFoundOnce_CostsItsFit_AndShotsCountTheirImages()
    {
        // 20 training and 12 test images; a head measured on 10 and 6, so twice as many of both.
        var estimate = Of("--policies", "fine-tune,frozen-cached", "--epochs", "3", "--head", "sgd,lbfgs,knn");

        Assert.Equal(["fine-tune", "frozen-cached", "frozen-cached lbfgs", "frozen-cached knn"], estimate.Runs.Select(runs => runs.Name.ToString()));
        // The training images' extraction of 10 s, the fit of 5 s twice as long; the test images' extraction of 6 s, 2 to build.
        Assert.Equal([(1, 20.0, 2.0, 30.0), (1, 20.0, 4.0, 32.0)], estimate.Runs.Skip(2).Select(runs => (runs.Epochs, runs.FirstEpochS, runs.EvaluationS, Math.Round(runs.OneRunS, 9))));

        var few = Of("--policies", "fine-tune", "--shots", "1,2", "--classes", "5");
        Assert.Equal([(1, 5.0), (2, 10.0)], few.Runs.Select(runs => (runs.Shots!.Value, runs.FirstEpochS)));
    }

    [Fact]
    public void WidestTable_StaysWithin80Columns_AndLeavesOutARunWhereItIsAll()
    {
        RunsEstimate Runs(string policy, HeadKind head, int runs) => new(new(policy, KernelKind.Plain, head), Shots: 25, Classes: 100, runs, Epochs: 100, 0.0999, 12.34, 5999, 3599, runs * 3599);
        List<string> lines = [.. EstimateText.Lines(new([Runs("fine-tune", HeadKind.Sgd, 5), Runs("frozen-cached", HeadKind.Lbfgs, 5)]))];

        Assert.Equal(["policy", "shots", "cl.", "n", "ep.", "1st", "ep.", "later", "eval.", "a", "run", "all"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        Assert.Contains(lines, line => line.StartsWith("frozen-cached ", StringComparison.Ordinal));
        Assert.DoesNotContain("a run", EstimateText.Lines(new([Runs("fine-tune", HeadKind.Sgd, 1)])).First(), StringComparison.Ordinal);
    }

    [Fact]
    public void Measured_SaysTimesMemoryAndWhatTheyRestOn_FindsTheHeadsThatAreAsked_AndWritesNothing()
    {
        using var folder = new TemporaryFolder();
        using TestConsole output = new(), progress = new();
        Assert.Equal(0, AccuracyProgram.Run([.. Runner.Synthetic, "--estimate", "--policies", "fine-tune,frozen-cached", "--head", "sgd,lbfgs,knn", .. Runner.Folders(folder)], output, progress));

        var lines = output.Output.Split('\n');
        var words = string.Join(' ', output.Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("policy cl. n ep. 1st ep. eval. all fine-tune 10 1 1 ", words, StringComparison.Ordinal);
        Assert.Contains("All of the command: ", words, StringComparison.Ordinal);
        Assert.Contains("measured now on cpu", words, StringComparison.Ordinal);
        Assert.Contains("by the shapes of the layers, beside program and images: fine-tune ", words, StringComparison.Ordinal);
        Assert.Contains("this is an assumption and no measurement: at 10 TFLOP/s", words, StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("frozen-cached lbfgs", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("frozen-cached knn", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("A head that is not trained in steps was found once", StringComparison.Ordinal));
        Assert.EndsWith("Nothing was trained.", words, StringComparison.Ordinal);
        Assert.All(lines.Where(line => !line.Contains(folder.Path, StringComparison.Ordinal)), line => Assert.True(line.Length <= 80, line));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void KnownSet_IsEstimatedWithoutItsFiles_FromRowsOfAnEnvironment()
    {
        using var folder = new TemporaryFolder();
        var id = Filled(folder);
        using TestConsole output = new(), progress = new();
        Assert.Equal(0, AccuracyProgram.Run(["--preset", "post", "--device", "cpu", "--estimate-for", id, .. Runner.Folders(folder)], output, progress));

        // The row: 1 s for 100 images at 224 px, so that the 50,000 of ten classes take 500 s.
        Assert.Contains(output.Output.Split('\n'), line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["fine-tune", "10", "1", "1", "8:20", ..]);
        // frozen's step is scaled from fine-tune's by its operations: about a third.
        var words = string.Join(' ', output.Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("policy cl. n ep. 1st ep. later eval. all fine-tune 2 1 1 ", words, StringComparison.Ordinal);
        Assert.Contains("fine-tune epoch at 224 px, batch 100, fp32, times 0.3", words, StringComparison.Ordinal);
        Assert.Contains("No image of cifar10 was read: their number and shape are known.", words, StringComparison.Ordinal);
        Assert.DoesNotContain("measured now", words, StringComparison.Ordinal);
    }

    [Fact]
    public void NumbersThatCannotBe_AreNotEstimatedFrom()
    {
        using var folder = new TemporaryFolder();
        var id = Filled(folder);
        // A spreadsheet in a language with decimal commas has taken the points for thousands.
        var path = Path.Combine(folder.File("results"), id, BenchmarkRow.FileName);
        File.WriteAllText(path, string.Join(',', File.ReadAllText(path).Split(',').Select(cell => cell == "1000" ? "10000000" : cell)));
        using TestConsole console = new();
        var error = Assert.Throws<UserErrorException>(() => AccuracyProgram.Run(["--preset", "post", "--device", "cpu", "--estimate-for", id, .. Runner.Folders(folder)], console, console));
        Assert.Contains("holds numbers that cannot be, and nothing is made of them", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RowsOfTheAskedPrecision_AreTaken_AndAnotherIsNamed()
    {
        using var folder = new TemporaryFolder();
        var id = Filled(folder, ("bf16", 100));

        Assert.Contains("fine-tune epoch at 224 px, batch 100, bf16", Words("--precision", "bf16"), StringComparison.Ordinal);
        Assert.Contains("fine-tune epoch at 224 px, batch 100, fp32;", Words(), StringComparison.Ordinal);

        string Words(params string[] more)
        {
            using TestConsole output = new(), progress = new();
            Assert.Equal(0, AccuracyProgram.Run(["--preset", "post", "--device", "cpu", "--estimate-for", id, .. more, .. Runner.Folders(folder)], output, progress));
            return string.Join(' ', output.Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        }
    }

    [Fact]
    public void EnvironmentThatCannotTell_IsRefused_WithThoseThatThereAre()
    {
        using var folder = new TemporaryFolder();
        var id = Filled(folder);
        Assert.Contains($"--estimate-for is 'nobody'; {folder.File("results")} has {id}.", Refusal("--estimate-for", "nobody"), StringComparison.Ordinal);
        Assert.Contains($"--estimate-for is '{id}', which has no undisturbed row of a step or an epoch of resnet50.", Refusal("--estimate-for", id, "--backbone", "resnet50"), StringComparison.Ordinal);
        Assert.Contains("--classes is 'cat,dog', and without its files the classes of cifar10 have no names.", Refusal("--estimate", "--classes", "cat,dog"), StringComparison.Ordinal);

        string Refusal(params string[] words)
        {
            using var errors = new StringWriter();
            using TestConsole console = new();
            Assert.Equal(CommandLineHost.BadRequest, CommandLineHost.Run(() => AccuracyProgram.Run([.. words, "--device", "cpu", .. Runner.Folders(folder)], console, console), errors));
            return errors.ToString();
        }
    }

    private static CommandEstimate Of(params string[] words) => Parsed([.. Runner.Synthetic, .. words]);

    private static CommandEstimate Parsed(string[] words)
    {
        var options = new AccuracyOptions();
        var settings = AccuracySettings.Resolve(options, options.Command.Parse(words), Devices.Parse("cpu", _ => null));
        using var data = AccuracyData.Load(settings, torch.CPU, SilentProgress.Instance, TestContext.Current.CancellationToken);
        return CommandEstimate.Of(settings, data, (kernels, policy) => kernels == KernelSet.Fast ? Cost(policy) : throw new ArgumentOutOfRangeException(nameof(kernels)), (_, kind) => new HeadCost(10, 6, 5, 1, AsksAllImages: kind == HeadKind.Knn));
    }

    /// <summary>One epoch of fine-tune, 100 images in 1 s at 224 px, of a machine that is not this one.</summary>
    private static string Filled(TemporaryFolder folder, params (string Precision, double Ms)[] others)
    {
        var environment = new EnvironmentRecord
        {
            Torch = new TorchFacts { Device = "cpu", Backend = "cpu", TorchSharpVersion = "0.107.0", LibtorchVersion = "2.10.0", Threads = 2 },
            Machine = new MachineFacts { CpuModel = "Some CPU", LogicalCores = 2, OperatingSystem = "Debian GNU/Linux 12 (bookworm)", KernelVersion = "6.1.0", Architecture = "x64", DotNetVersion = ".NET 10.0.0" },
            Gpu = GpuFacts.None,
        };
        var store = new ResultStore(Path.Combine(folder.File("results"), environment.Id));
        store.WriteEnvironment(environment);
        foreach (var (precision, ms) in others.Prepend(("fp32", 1000)))
            store.Append(new BenchmarkMeasurement
            {
                Case = MadeUpCase.Step with { Suite = "epoch", Phase = "epoch", ResolutionPx = 224, BatchSize = 100, Images = 100, Precision = precision },
                WarmUpCount = 1,
                OperationsPerSample = 1,
                SamplesMs = [ms, ms, ms],
            }.ToRow(new RunStamp { RunId = "20260102T030405Z-0011aabb", EnvironmentId = environment.Id, UtcTime = DateTimeOffset.UnixEpoch, Git = new GitState { Commit = "unknown", Dirty = false } }));
        return environment.Id;
    }
}
