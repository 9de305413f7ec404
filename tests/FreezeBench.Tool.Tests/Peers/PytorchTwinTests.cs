using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using FreezeBench.Results.Statistics;
using FreezeBench.Tool.Tests.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Peers;

/// <summary>What the twin writes is what a program of ours would have written.</summary>
public sealed class PytorchTwinTests(TwinRuns twin) : IClassFixture<TwinRuns>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-twin-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Results_AreReadByOurStore_AndTheirSummariesAreOurs()
    {
        var (cached, steps, started) = (Load(twin.Cached, "cached"), Load(twin.Steps, "steps"), Load(twin.Started, "started"));

        Assert.Equal(
            ["epoch", "steps", "feature_extraction", "extraction_and_floor", "paired_extraction", "paired_forward_pass"],
            cached.Cases.Where(measured => measured.Row.Suite == "epoch").Select(measured => measured.Row.Phase));
        Assert.Equal(
            ["step", "step_synchronised", "data", "zero_grad", "forward", "loss", "backward", "optimizer", "no_grad_forward"], steps.Cases.Select(measured => measured.Row.Phase));
        Assert.Equal(["epoch", "steps"], started.Cases.Select(measured => measured.Row.Phase));
        Assert.All([.. cached.Cases, .. steps.Cases, .. started.Cases], AssertOurs);
        AssertOurMachine(cached);
        AssertOurMachine(started);
        AssertPartsAddUp(steps.Cases);
        AssertDataShares([.. cached.Cases, .. steps.Cases]);
        AssertColumns<BenchmarkRow>(cached);
        AssertColumns<SampleRow>(cached);
    }

    [Fact]
    public void Depth_IsStepAndBackward_AndEveryCaseHasItsCounterpart()
    {
        var environment = Load(twin.Cached, "theirs");
        // Its policies are its own, whatever is asked for.
        var cases = environment.Cases.Where(measured => measured.Row.Suite == "depth").ToList();
        string[] expected = ["fine-tune step", "fine-tune backward", "from-layer3 step", "from-layer3 backward", "frozen step", "frozen backward"];
        Assert.Equal(expected, cases.Select(measured => $"{measured.Row.Policy} {measured.Row.Phase}"));
        Assert.All(cases, measured => Assert.Equal(("depth", 4, 4, null), (measured.Row.Suite, measured.Row.BatchSize, measured.Row.Images, measured.Row.DataShareFraction)));
        Assert.All(cases, measured => Assert.Equal((KernelKind.Plain, 11_181_642, 4 * measured.Row.TrainableParameters), (measured.Row.Kernels, measured.Row.TotalParameters, measured.Row.TrainedCheckpointBytes)));
        // Of ResNet-18 with 10 classes: all, the last two stages and the head, the head.
        Assert.Equal([11_181_642, 10_498_570, 5_130], cases.Chunk(2).Select(pair => pair[0].Row.TrainableParameters));
        foreach (var pair in cases.Chunk(2))
            Assert.All(pair[0].SamplesMs.Zip(pair[1].SamplesMs), sample => Assert.InRange(sample.Second, 0, sample.First));

        AddOurs(environment);
        var run = ToolRun.Of("peers", Path.Combine(folder, "theirs"));
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains("depth: resnet18", run.Output, StringComparison.Ordinal);
        // Ours are their medians without samples, and theirs are compared by the centre of these: about 1. The backward pass of a head can be too short for
        // the clock, and a time of 0 has no ratio.
        Assert.All(expected, name => Assert.Matches($"{name} +[0-9.]+ ms +([01]\\.[0-9]{{2}}x{(name == "frozen backward" ? "|-" : "")})", run.Output));
        // A part of the epoch that is a difference, whose samples may be below 0, has a median and no centre.
        Assert.DoesNotMatch("Not compared, [^.]*depth", run.Output);
    }

    // oneDNN's convolutions are what a peak by an unoptimised BLAS is tens of times too low for; with one thread PyTorch takes them from 16 images on.
    [Fact]
    public void Utilisation_IsAShareOfWhatTheProcessorReaches()
    {
        var cases = Load(twin.Steps, "steps").Cases;

        Assert.Equal(["step", "step_synchronised", "forward", "backward", "no_grad_forward"], cases.Where(measured => measured.Row.FlopsUtilisation is not null).Select(measured => measured.Row.Phase));
        // Some kernels are a little faster than the product; ResNet-18 at 16 px takes less than half of it, so that a busy machine does not reach the bound.
        Assert.All(cases, measured => Assert.True(measured.Row.FlopsUtilisation is null or (> 0 and <= 1.2), $"{measured.Row.Phase}: {measured.Row.FlopsUtilisation}"));
    }

    [Fact]
    public void BadRequest_NamesEverythingThatIsWrong()
    {
        var (exitCode, output, errors) = Python.TwinWithoutTorch("--batch-size", "0", "--policies", "frozen,thawed", "--suites", "scaling", "--device", "tpu");

        Assert.Equal((2, ""), (exitCode, output));
        Assert.All(["--batch-size is 0", "'thawed'", "'scaling'", "'tpu'"], wrong => Assert.Contains(wrong, errors, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--batchsize", "4")]
    [InlineData("--batch-size", "four")]
    public void UnknownOptionOrValue_IsABadRequest(string option, string value)
    {
        var (exitCode, _, errors) = Python.TwinWithoutTorch(option, value);

        Assert.Equal(2, exitCode);
        Assert.StartsWith("Error: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Traceback", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingTorch_IsOneMessageThatSaysHowToGetIt()
    {
        var (exitCode, _, errors) = Python.TwinWithoutTorch("--quick");

        Assert.Equal(2, exitCode);
        Assert.StartsWith("Error: This Python has no PyTorch", errors, StringComparison.Ordinal);
        Assert.Contains("pip install torch", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_NeedsNoTorch_AndSaysTheDefaults()
    {
        var (exitCode, output, _) = Python.TwinWithoutTorch("--help");

        Assert.Equal(0, exitCode);
        Assert.Contains("(default: 32)", output, StringComparison.Ordinal);
    }

    // A copy of what a run wrote: tests add to it.
    private EnvironmentResults Load(string written, string name)
    {
        var copy = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        foreach (var machine in Directory.GetDirectories(written))
            foreach (var file in Directory.GetFiles(machine))
                File.Copy(file, Path.Combine(Directory.CreateDirectory(Path.Combine(copy, Path.GetFileName(machine))).FullName, Path.GetFileName(file)));
        return Assert.Single(ResultSet.Load(copy).Environments);
    }

    // The row that our own code makes of the same samples.
    private static void AssertOurs(MeasuredCase measured)
    {
        var row = measured.Row;
        Assert.Equal((5, "pytorch", IResultRow.CurrentSchemaVersion), (measured.SamplesMs.Count, row.Framework, row.SchemaVersion));
        Assert.True(row is { PeakMemoryBytes: > 50_000_000, MemorySource: MemorySource.ResidentPeak }, $"{row.PeakMemoryBytes} bytes, {row.MemorySource}");
        var summary = SampleSummary.Of(measured.SamplesMs);
        Assert.Equal((summary.Count, Noise.Of(summary)), (row.SampleCount, row.NoiseVerdict));
        var expected = new double?[] { summary.Mean, summary.Median, summary.StandardDeviation, summary.Min, summary.Max, summary.InterquartileRange, summary.ConfidenceLower99, summary.ConfidenceUpper99, row.Images / (summary.Median / 1000) };
        var actual = new double?[] { row.MeanMs, row.MedianMs, row.StandardDeviationMs, row.MinMs, row.MaxMs, row.IqrMs, row.Ci99LowerMs, row.Ci99UpperMs, row.ThroughputImagesPerS };
        // The interval's ends can be near zero, so what they may differ by is told by the samples' own size.
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First!.Value, pair.Second!.Value, 1e-12 * Math.Max(summary.Max, Math.Abs(pair.First.Value))));
    }

    private static void AssertOurMachine(EnvironmentResults environment)
    {
        var (theirs, ours) = (environment.Environment, MachineProbe.Capture());
        Assert.Equal(ours, theirs.Machine with { DotNetVersion = ours.DotNetVersion });
        Assert.StartsWith("unused", theirs.Torch.TorchSharpVersion, StringComparison.Ordinal);
        Assert.Equal(1, theirs.Torch.Threads);
        Assert.Equal(EnvironmentFile.Render(theirs), File.ReadAllBytes(Path.Combine(environment.Folder, EnvironmentFile.FileName)));
    }

    private static void AssertPartsAddUp(IReadOnlyList<MeasuredCase> cases)
    {
        var step = cases.Single(measured => measured.Row.Phase == "step_synchronised");
        string[] phases = ["data", "zero_grad", "forward", "loss", "backward", "optimizer"];
        for (var sample = 0; sample < step.SamplesMs.Count; sample++)
        {
            var sum = phases.Sum(phase => cases.Single(measured => measured.Row.Phase == phase).SamplesMs[sample]);
            // The same calls: together never more than the whole, and what is lost between them is not most of it.
            Assert.InRange(sum / step.SamplesMs[sample], 0.5, 1);
        }
    }

    // Where a step or an epoch is looked into, and as our own code divides there: means of all samples.
    private static void AssertDataShares(IReadOnlyList<MeasuredCase> cases)
    {
        Assert.Equal(["epoch", "step_synchronised"], cases.Where(measured => measured.Row.DataShareFraction is not null).Select(measured => measured.Row.Phase));
        MeasuredCase epoch = cases[0], step = cases.Single(measured => measured.Row.Phase == "step_synchronised"), data = cases.Single(measured => measured.Row.Phase == "data");
        Assert.Equal(data.SamplesMs.Average() / step.SamplesMs.Average(), step.Row.DataShareFraction!.Value, 1e-12);
        Assert.InRange(epoch.Row.DataShareFraction!.Value, double.Epsilon, 1);
    }

    // Every row is read, and the header is what our store gives a new file: our columns in our order. So it adds to the file as to its own.
    private void AssertColumns<TRow>(EnvironmentResults environment) where TRow : IResultRow
    {
        var path = Path.Combine(environment.Folder, TRow.FileName);
        var rows = ResultStore.Read<TRow>(path);
        Assert.Equal(File.ReadLines(path).Count() - 1, rows.Count);
        var ours = new ResultStore(Path.Combine(folder, "ours"));
        ours.Append(rows);
        Assert.Equal(File.ReadLines(Path.Combine(ours.Folder, TRow.FileName)).First(), File.ReadLines(path).First());
        Assert.Equal(rows, ours.Read<TRow>());
        var before = File.ReadAllBytes(path);
        new ResultStore(environment.Folder).Append(rows[0]);
        Assert.Equal(before, File.ReadAllBytes(path)[..before.Length]);
    }

    // The same cases from TorchSharp on the same machine.
    private static void AddOurs(EnvironmentResults environment)
    {
        var theirs = environment.Environment;
        var ours = theirs with { Torch = theirs.Torch with { TorchSharpVersion = "0.107.0" } };
        var store = new ResultStore(Path.Combine(Path.GetDirectoryName(environment.Folder)!, ours.Id));
        store.WriteEnvironment(ours);
        store.Append([.. environment.Cases.Select(measured => measured.Row with { Framework = "torchsharp", EnvironmentId = ours.Id })]);
    }
}
