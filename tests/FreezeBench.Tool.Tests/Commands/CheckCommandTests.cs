using System.Text.Json;
using FreezeBench.Results.Rows;
using FreezeBench.Tool.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

/// <summary>A good folder, one thing broken in it, and exactly that finding.</summary>
public sealed class CheckCommandTests : IDisposable
{
    private const string Benchmarks = "benchmarks.csv";
    private const string Samples = "samples.csv";
    private const string Accuracy = "accuracy.csv";
    private const string Runs = "runs.csv";

    private readonly MadeUpResults results = new MadeUpResults().Filled();

    public void Dispose() => results.Dispose();

    [Fact]
    public void GoodFolder_HasNoFinding()
    {
        var run = ToolRun.Of("check", results.Root, "--strict");
        Assert.Equal((0, "0 errors and 0 notes in 14 rows of 1 environment.\n", ""), (run.ExitCode, run.Output.ReplaceLineEndings("\n"), run.Errors));
        Assert.Equal(0, ToolRun.Of("check", results.Folder).ExitCode);
    }

    [Theory]
    [InlineData(Benchmarks, 2, "peak_memory_bytes", "-1", "impossible-value", "it is -1; possible is 0 or more.")]
    [InlineData(Benchmarks, 2, "classes", "0", "impossible-value", "it is 0; possible is 1 or more.")]
    [InlineData(Accuracy, 3, "learning_rate_head", "-0.5", "impossible-value", "it is -0.5; possible is 0 or more.")]
    [InlineData(Runs, 2, "target_accuracy_fraction", "1.5", "impossible-value", "it is 1.5; possible is between 0 and 1.")]
    [InlineData(Runs, 2, "status", "done", "impossible-value", "possible are finished, target_reached, interrupted, diverged.")]
    [InlineData(Benchmarks, 2, "throughput_images_per_s", "9", "inconsistent-row", "it is 9; images divided by median_ms are 253.4")]
    [InlineData(Accuracy, 3, "train_correct", "301", "inconsistent-row", "it is 301, above train_total, which is 300.")]
    [InlineData(Accuracy, 3, "test_correct", "51", "inconsistent-row", "it is 51, above test_total, which is 50.")]
    [InlineData(Accuracy, 3, "train_accuracy_fraction", "0.5", "inconsistent-row", "it is 0.5; the row's counts and times give 0.25.")]
    [InlineData(Accuracy, 3, "throughput_images_per_s", "9", "inconsistent-row", "give 1500.")]
    [InlineData(Accuracy, 3, "feature_extraction_time_s", "9", "inconsistent-row", "it is 9, above train_time_s")]
    [InlineData(Samples, 4, "operations", "2", "inconsistent-row", "in line 2, has 1.")]
    [InlineData(Runs, 2, "final_weights_sha256", "abc", "hash-format", "'abc' is no SHA-256")]
    [InlineData(Benchmarks, 2, "commit", "6.53E+39", "hash-format", "'6.53E+39' is no commit, which has 40 or 64 lower-case hexadecimal digits.")]
    [InlineData(Runs, 2, "commit", "0123456", "hash-format", "'0123456' is no commit")]
    [InlineData(Accuracy, 3, "node", "1.2E+07", "hash-format", "'1.2E+07' is no machine's number, which has 8 lower-case hexadecimal digits.")]
    [InlineData(Accuracy, 3, "schema_version", "0", "unreadable", "it is 0; this program knows 1 to 7.")]
    [InlineData(Benchmarks, 2, "device", "cuda:0", "row-machine", "it is cuda:0; the environment's is cpu.")]
    [InlineData(Benchmarks, 2, "threads", "4", "row-machine", "it is 4; the environment's is 2.")]
    [InlineData(Accuracy, 3, "environment_id", "another-1c-00000000", "row-environment", "it is another-1c-00000000; this folder's environment is ")]
    [InlineData(Benchmarks, 2, "mean_ms", "1", "summary", "it is 1; the samples give 437.645")]
    [InlineData(Benchmarks, 2, "sample_count", "4", "summary", "it is 4; the samples give 5.")]
    [InlineData(Benchmarks, 2, "operations_per_sample", "4", "summary", "it is 4; the samples give 1.")]
    [InlineData(Benchmarks, 2, "standard_deviation_ms", "unknown", "summary", "it is unknown; the samples give ")]
    [InlineData(Benchmarks, 2, "min_ms", "166.000001", "summary", "the samples give 166.")]
    [InlineData(Benchmarks, 2, "max_ms", "1", "summary", "the samples give 510.1.")]
    [InlineData(Benchmarks, 2, "iqr_ms", "1", "summary", "the samples give 6.875.")]
    [InlineData(Benchmarks, 2, "ci99_lower_ms", "-1", "summary", "it is -1; the samples give 124.886")]
    [InlineData(Benchmarks, 2, "ci99_upper_ms", "1", "summary", "it is 1; the samples give 750.403")]
    [InlineData(Benchmarks, 2, "noise_verdict", "noisy", "summary", "it is noisy; the samples give quiet.")]
    [InlineData(Benchmarks, 2, "kernels", "quick", "unreadable", "valid values: plain, fast")]
    [InlineData(Benchmarks, 2, "trainable_parameters", "11181643", "inconsistent-row", "it is 11181643, above total_parameters, which is 11181642.")]
    [InlineData(Runs, 2, "trainable_parameters", "11181643", "inconsistent-row", "above total_parameters, which is 11181642.")]
    [InlineData(Benchmarks, 2, "trained_checkpoint_bytes", "5129", "inconsistent-row", "it is 5129, less than a byte for each of 11181642 trainable_parameters.")]
    [InlineData(Accuracy, 3, "data_hash", "unknown", "run-disagrees", "line 2 of the same run has aaaa")]
    [InlineData(Accuracy, 3, "optimizer", "adam", "run-disagrees", "it is adam; line 2 of the same run has sgd.")]
    [InlineData(Runs, 2, "data_hash", "unknown", "run-disagrees", "line 2 of accuracy.csv has aaaa")]
    [InlineData(Runs, 3, "train_time_s", "9", "run-end", "it is 9; the run's epochs in accuracy.csv give 0.6")]
    [InlineData(Runs, 3, "evaluation_time_s", "9", "run-end", "give 0.75.")]
    [InlineData(Runs, 3, "test_accuracy_fraction", "0.5", "run-end", "give 0.6.")]
    [InlineData(Runs, 3, "epochs_to_target", "2", "run-end", "it is 2; the run's epochs in accuracy.csv give unknown.")]
    [InlineData(Accuracy, 3, "train_total", "many", "unreadable", "'many' is not valid (images)")]
    [InlineData(Accuracy, 3, "schema_version", "99", "unreadable", "it is 99; this program knows 1 to 7.")]
    [InlineData(Accuracy, 3, "dirty", "true", "dirty", "a row of run 20260102T030405Z-0011aabb come")]
    [InlineData(Accuracy, 3, "dirty", "unknown", "unknown-commit", "nobody knows")]
    [InlineData(Accuracy, 3, "commit", "unknown", "unknown-commit", "nobody knows the commit")]
    [InlineData(Benchmarks, 2, "throttled", "true", "throttled", "held the device's clocks down")]
    [InlineData(Benchmarks, 2, "flops_utilisation", "1.03", "above-peak", "it is 1.03; possible is 1.02 at most.")]
    [InlineData(Benchmarks, 2, "others_busy_cores", "-0.1", "impossible-value", "it is -0.1; possible is 0 or more.")]
    public void BrokenCell_IsTheOnlyFinding(string file, int line, string column, string value, string kind, string message)
    {
        results.Edit(file, line, column, value);
        Only(kind, $"{MadeUpResults.Id}/{file}", line, column, message);
    }

    [Theory]
    [InlineData(Benchmarks, 2, null, "this case is in line 2 already.")]
    [InlineData(Samples, 4, "sample_index", "sample 2 of this case is in line 4 already.")]
    [InlineData(Accuracy, 4, "epoch", "epoch 3 of run 20260102T030405Z-0011aabb (frozen, seed 1, classes all) is in line 4 already.")]
    [InlineData(Runs, 2, "resumptions", "is in line 2 already.")]
    public void RowThatIsThereTwice_IsFoundInTheSecondPlace(string file, int line, string? column, string message)
    {
        var last = 0;
        results.Change(file, lines => { lines.Add(lines[line - 1]); last = lines.Count; });
        Only("duplicate-row", $"{MadeUpResults.Id}/{file}", last, column, message);
    }

    [Theory]
    [InlineData(Accuracy, 3, 1, "epoch-gap", Accuracy, 3, "epoch", "has no epoch 2 and goes on with 3.")]
    [InlineData(Accuracy, 4, 1, "run-end", Runs, 2, "epochs_done", "it is 3; accuracy.csv has 2 epochs of this run.")]
    [InlineData(Samples, 3, 1, "samples-missing", Benchmarks, 2, "sample_count", "sample 1 of this case is not in samples.csv, which goes on with 2 in line 3.")]
    [InlineData(Samples, 2, 5, "samples-missing", Benchmarks, 2, null, "samples.csv has no sample of this case: 20260102T030405Z-0011aabb|")]
    [InlineData(Benchmarks, 2, 1, "samples-orphaned", Samples, 2, null, "benchmarks.csv has no row of this case: ")]
    [InlineData(Runs, 3, 1, "no-end", Accuracy, 5, "run_id", "has 3 of 3 epochs and no end in runs.csv.")]
    public void LostRows_AreFound(string file, int line, int count, string kind, string foundIn, int foundAt, string? column, string message)
    {
        results.Change(file, lines => lines.RemoveRange(line - 1, count));
        Only(kind, $"{MadeUpResults.Id}/{foundIn}", foundAt, column, message);
    }

    [Fact]
    public void EpochBeyondTheLast_IsInconsistent()
    {
        for (var line = 2; line <= 4; line++)
            results.Edit(Accuracy, line, "epochs", "2");
        var (findings, _) = Check();
        Assert.Contains(findings, found => found is { Kind: "inconsistent-row", Line: 4, Column: "epoch", Message: "it is 3, above epochs, which is 2." });
    }

    [Fact]
    public void RunThatFinishedTwice_IsFound()
    {
        results.Change(Runs, lines => lines.Add(lines[1]));
        results.Edit(Runs, 4, "resumptions", "1");
        Only("duplicate-run", $"{MadeUpResults.Id}/{Runs}", 4, "status", "ended for good before, and is finished once more.");
    }

    [Fact]
    public void InterruptedAndResumedRun_IsFine()
    {
        AccuracyRow[] begun = [MadeUpResults.Epoch(MadeUpResults.RunId, 3, 1), MadeUpResults.Epoch(MadeUpResults.RunId, 3, 2)];
        AccuracyRow[] whole = [.. begun, MadeUpResults.Epoch(MadeUpResults.RunId, 3, 3)];
        var store = new ResultStore(results.Folder);
        store.Append(whole);
        store.Append<RunRow>([MadeUpResults.End(begun), MadeUpResults.End(whole) with { Resumptions = 1 }]);
        Assert.Empty(Check().Findings);
    }

    [Fact]
    public void RunThatReachedItsTarget_MustSayWhen()
    {
        AccuracyRow[] epochs = [MadeUpResults.Epoch(MadeUpResults.RunId, 3, 1), MadeUpResults.Epoch(MadeUpResults.RunId, 3, 2)];
        var store = new ResultStore(results.Folder);
        store.Append(epochs);
        var end = MadeUpResults.End(epochs) with { Status = RunRow.TargetReached, TargetAccuracyFraction = 0.4, EpochsToTarget = 2, TargetTrainTimeS = 0.1 + 0.2 };
        store.Append(end);
        Assert.Empty(Check().Findings);
        results.Edit(Runs, 4, "target_train_time_s", "0.1");
        Only("run-end", $"{MadeUpResults.Id}/{Runs}", 4, "target_train_time_s", "it is 0.1; the run's epochs in accuracy.csv give 0.30000000000000004.");
    }

    [Fact]
    public void OtherGpuOfTheSameMachine_IsTheSameEnvironment()
    {
        var cuda = MadeUpResults.Environment with { Torch = MadeUpResults.Environment.Torch with { Device = "cuda:0" } };
        var store = new ResultStore(Path.Combine(results.Root, cuda.Id));
        store.WriteEnvironment(cuda);
        AccuracyRow[] epochs = [MadeUpResults.Epoch(MadeUpResults.LaterRunId, 1, 1) with { EnvironmentId = cuda.Id, Device = "cuda:1" }];
        store.Append(epochs);
        store.Append(MadeUpResults.End(epochs) with { EnvironmentId = cuda.Id });
        Assert.Empty(Check().Findings);
    }

    [Fact]
    public void EqualRunOfAnotherInvocation_IsANote()
    {
        results.Filled(MadeUpResults.LaterRunId);
        var (findings, exitCode) = Check();
        Assert.Equal(0, exitCode);
        Assert.Equal([("repeated-run", 8), ("repeated-run", 11)], findings.Select(found => (found.Kind, found.Line!.Value)));
        Assert.Equal(1, ToolRun.Of("check", results.Root, "--strict").ExitCode);
    }

    [Theory]
    [InlineData("test_loss", "irreproducible", 1)]
    [InlineData("commit", "changed-result", 0)]
    public void RunThatGaveAnotherResult_IsAnErrorWhereTheCodeIsTheSame(string alsoEdited, string kind, int exitCode)
    {
        results.Filled(MadeUpResults.LaterRunId);
        // The second seed goes, so that one run is left to compare.
        results.Change(Accuracy, lines => lines.RemoveRange(10, 3));
        results.Change(Runs, lines => lines.RemoveAt(4));
        results.Edit(Accuracy, 9, "test_loss", "9");
        for (var line = 8; alsoEdited == "commit" && line <= 10; line++)
            results.Edit(Accuracy, line, "commit", new string('f', 40));
        Only(kind, $"{MadeUpResults.Id}/{Accuracy}", 8, "run_id", "in line 2: in epoch 2 test_loss is 9, not 1.25.");
        Assert.Equal(exitCode, Check().ExitCode);
    }

    [Fact]
    public void UnknownColumn_IsFoundInTheHeader_AndTheOtherFilesAreStillChecked()
    {
        results.Change(Samples, lines => lines[0] = lines[0].Replace("value_ms", "value_us"));
        results.Edit(Runs, 2, "final_weights_sha256", "abc");
        var (findings, _) = Check();
        Assert.Equal([("hash-format", Runs), ("unreadable", Samples)], findings.Select(found => (found.Kind, Path.GetFileName(found.File))));
        Assert.Equal((1, "16"), (findings[1].Line, findings[1].Column));
        Assert.StartsWith("'value_us' is no column of samples.csv", findings[1].Message);
    }

    [Fact]
    public void MissingRecord_IsFound()
    {
        File.Delete(Path.Combine(results.Folder, "environment.json"));
        Only("no-environment", MadeUpResults.Id, null, null, "it has result files but no environment.json.");
    }

    [Fact]
    public void EditedRecord_IsFound()
    {
        results.Change("environment.json", lines => lines[lines.FindIndex(line => line.Contains("cpu_model"))] = "    \"cpu_model\": \"AMD Ryzen\",");
        Only("environment-record", $"{MadeUpResults.Id}/environment.json", null, null, "the facts below it give 'amd-ryzen-2c-");
    }

    [Fact]
    public void FolderOfAnotherName_IsFound()
    {
        Directory.Move(results.Folder, Path.Combine(results.Root, "laptop"));
        Only("folder-name", "laptop", null, null, $"the folder is not named after its environment, {MadeUpResults.Id}.");
    }

    [Theory]
    [InlineData("runs.csv.x1y2.tmp", "a program that was killed while it wrote left it.")]
    [InlineData("notes.txt", "no program of FreezeBench writes it here.")]
    public void StrayFile_IsANote(string name, string message)
    {
        File.WriteAllText(Path.Combine(results.Folder, name), "");
        Only("stray-file", $"{MadeUpResults.Id}/{name}", null, null, message);
    }

    [Fact]
    public void Checkpoints_AreANote()
    {
        Directory.CreateDirectory(Path.Combine(results.Root, "checkpoints"));
        Only("stray-file", "checkpoints", null, null, "the folder has no result file.");
    }

    private void Only(string kind, string file, int? line, string? column, string message)
    {
        var (findings, exitCode) = Check();
        var found = Assert.Single(findings);
        Assert.Equal((kind, file, line, column), (found.Kind, found.File, found.Line, found.Column));
        Assert.Contains(message, found.Message);
        Assert.NotEmpty(found.Remedy);
        Assert.Equal(found.Severity == "error" ? ExitCode.Found : 0, exitCode);
    }

    private (List<Found> Findings, int ExitCode) Check()
    {
        var run = ToolRun.Of("check", results.Root, "--format", "json");
        var findings = JsonDocument.Parse(run.Output).RootElement.GetProperty("findings");
        return (findings.Deserialize<List<Found>>(JsonSerializerOptions.Web)!, run.ExitCode);
    }

    private sealed record Found(string Severity, string Kind, string File, int? Line, string? Column, string Message, string Remedy);
}
