using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Tool.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

public sealed class MergeCommandTests : IDisposable
{
    private readonly MadeUpResults source = new MadeUpResults().Filled();

    private string Target => source.Another("target");

    private string TargetFolder => Path.Combine(Target, MadeUpResults.Id);

    public void Dispose() => source.Dispose();

    [Fact]
    public void NewEnvironment_IsCopiedByteForByte()
    {
        var run = ToolRun.Of("merge", source.Root, "--into", Target);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal($"""
            {MadeUpResults.Id} (new)
              benchmarks.csv         1 row
              samples.csv            5 rows
              accuracy.csv           6 rows
              runs.csv               2 rows
              of run {MadeUpResults.RunId}
            Merged into {Target}.

            """.ReplaceLineEndings("\n"), Unwrapped(run.Output));
        Assert.Equal(MadeUpResults.Contents(source.Root), MadeUpResults.Contents(Target));
    }

    [Fact]
    public void SecondTime_ChangesNothing()
    {
        ToolRun.Of("merge", source.Root, "--into", Target);
        var before = MadeUpResults.Contents(Target);
        var run = ToolRun.Of("merge", source.Folder, source.Root, "--into", Target);
        Assert.Equal((0, $"Nothing new: {Target} has every row of the sources.\n"), (run.ExitCode, Unwrapped(run.Output)));
        Assert.Equal(before, MadeUpResults.Contents(Target));
    }

    [Fact]
    public void DryRun_SaysTheSameAndWritesNothing()
    {
        var dry = ToolRun.Of("merge", source.Root, "--into", Target, "--dry-run");
        Assert.False(Directory.Exists(Target));
        Assert.EndsWith($"Nothing was written to {Target}: a dry run.\n", Unwrapped(dry.Output));
        var real = ToolRun.Of("merge", source.Root, "--into", Target);
        Assert.Equal(real.Output.Split('\n')[..6], dry.Output.Split('\n')[..6]);
    }

    [Fact]
    public void ThreeSources_GiveTheSameBytesInEveryOrder()
    {
        var (second, third) = (source.Another("second"), source.Another("third"));
        source.Filled(second, MadeUpResults.LaterRunId);
        source.Filled(third, "20260101T030405Z-0011aabb");
        ToolRun.Of("merge", source.Root, second, third, "--into", Target);
        var other = source.Another("other");
        ToolRun.Of("merge", third, source.Root, second, "--into", other);
        Assert.Equal(MadeUpResults.Contents(Target), MadeUpResults.Contents(other));
        Assert.Equal(["20260101T030405Z-0011aabb", MadeUpResults.RunId, MadeUpResults.LaterRunId],
            new ResultStore(TargetFolder).Read<BenchmarkRow>().Select(row => row.RunId));
    }

    [Fact]
    public void MergesOneAfterTheOther_GiveTheSameRowsInEveryOrder()
    {
        var (second, other) = (source.Another("second"), source.Another("other"));
        source.Filled(second, MadeUpResults.LaterRunId);
        ToolRun.Of("merge", source.Root, "--into", Target);
        ToolRun.Of("merge", second, "--into", Target);
        ToolRun.Of("merge", second, "--into", other);
        ToolRun.Of("merge", source.Root, "--into", other);
        static IEnumerable<string> Lines(string root) => MadeUpResults.Contents(root).SelectMany(file => file.Value.Split('\n')).Order(StringComparer.Ordinal);
        Assert.Equal(Lines(Target), Lines(other));
    }

    [Fact]
    public void RunThatWasResumedMeanwhile_GetsItsMissingRows()
    {
        AccuracyRow[] begun = [MadeUpResults.Epoch(MadeUpResults.LaterRunId, 5, 1), MadeUpResults.Epoch(MadeUpResults.LaterRunId, 5, 2)];
        var store = new ResultStore(source.Folder);
        store.Append(begun);
        store.Append(MadeUpResults.End(begun));
        ToolRun.Of("merge", source.Root, "--into", Target);
        AccuracyRow[] whole = [.. begun, MadeUpResults.Epoch(MadeUpResults.LaterRunId, 5, 3)];
        store.Append(whole[2]);
        store.Append(MadeUpResults.End(whole) with { Resumptions = 1 });

        var run = ToolRun.Of("merge", source.Root, "--into", Target);
        Assert.Contains("  accuracy.csv           1 row\n  runs.csv               1 row\n", Unwrapped(run.Output));
        Assert.Equal(MadeUpResults.Contents(source.Root), MadeUpResults.Contents(Target));
        Assert.Equal(0, ToolRun.Of("check", Target, "--strict").ExitCode);
    }

    [Theory]
    [InlineData("accuracy.csv", 3, "learning_rate_head", "0.7", "0.05")]
    [InlineData("runs.csv", 3, "final_weights_sha256", "unknown", "bbbb")]
    [InlineData("benchmarks.csv", 2, "peak_memory_bytes", "4", "3000000000")]
    public void Contradiction_IsRefused_AndTheTargetKeepsEveryByte(string file, int line, string column, string value, string there)
    {
        ToolRun.Of("merge", source.Root, "--into", Target);
        // Something new as well, and in a file that would be written first: it must not arrive either.
        source.Filled(MadeUpResults.LaterRunId);
        source.Edit(file, line, column, value);
        var before = MadeUpResults.Contents(Target);
        var run = ToolRun.Of("merge", source.Root, "--into", Target);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains($"{Path.Combine(source.Folder, file)}, line {line}, column {column}: it is {value}, but the same row in {Path.Combine(TargetFolder, file)}, line {line}, has {there}", run.Errors);
        Assert.Equal(before, MadeUpResults.Contents(Target));
    }

    [Fact]
    public void ContradictionOfTwoSources_IsRefused()
    {
        var second = source.Another("second");
        source.Filled(second, MadeUpResults.RunId);
        source.Edit("accuracy.csv", 3, "learning_rate_head", "0.7");
        var run = ToolRun.Of("merge", source.Root, second, "--into", Target);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("column learning_rate_head", run.Errors);
        Assert.False(Directory.Exists(Target));
    }

    [Fact]
    public void SourceWithErrors_IsRefused()
    {
        source.Edit("runs.csv", 2, "train_time_s", "-1");
        var run = ToolRun.Of("merge", source.Root, "--into", Target);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains($"has errors (2) and was not merged:\n  {MadeUpResults.Id}/runs.csv, line 2, train_time_s: it is -1;", run.Errors.ReplaceLineEndings("\n"));
        Assert.Contains($"freezebench check {source.Root}", run.Errors);
        Assert.False(Directory.Exists(Target));
    }

    [Fact]
    public void UnknownFact_IsCompleted_AndAKnownOneStays()
    {
        ToolRun.Of("merge", source.Root, "--into", Target);
        var environment = MadeUpResults.Environment;
        File.WriteAllBytes(Path.Combine(source.Folder, EnvironmentFile.FileName), EnvironmentFile.Render(environment with
        {
            Machine = environment.Machine with { PhysicalCores = 1, KernelVersion = "6.2.0" },
        }));
        var run = ToolRun.Of("merge", source.Root, "--into", Target);
        Assert.Contains("  environment.json  completed\n", Unwrapped(run.Output));
        Assert.Contains("keeps a fact that differs: machine.kernel_version: recorded 6.1.0, now 6.2.0.", Unwrapped(run.Output));
        var machine = EnvironmentFile.Read(Path.Combine(TargetFolder, EnvironmentFile.FileName)).Machine;
        Assert.Equal((1, "6.1.0"), (machine.PhysicalCores, machine.KernelVersion));
    }

    [Fact]
    public void EnvironmentOfVersionOne_StaysOne_BesideTheSameMachineOfVersionTwo()
    {
        var old = MadeUpResults.Environment with
        {
            SchemaVersion = 1,
            Machine = MadeUpResults.Environment.Machine with { CpuFamily = Unknown.Text, CpuVectorExtension = Unknown.Text },
        };
        var results = source.Another("old");
        var folder = Path.Combine(results, old.Id);
        new ResultStore(folder).WriteEnvironment(old);
        Assert.Equal(0, ToolRun.Of("merge", source.Root, results, "--into", Target).ExitCode);
        Assert.Equal(new[] { MadeUpResults.Id, old.Id }.Order(StringComparer.Ordinal), Directory.GetDirectories(Target).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal));

        var completed = old with { Machine = old.Machine with { PhysicalCores = 1 } };
        File.WriteAllBytes(Path.Combine(folder, EnvironmentFile.FileName), EnvironmentFile.Render(completed));
        Assert.Contains("  environment.json  completed\n", Unwrapped(ToolRun.Of("merge", results, "--into", Target).Output));
        Assert.Equal(EnvironmentFile.Render(completed), File.ReadAllBytes(Path.Combine(Target, old.Id, EnvironmentFile.FileName)));
        Assert.Equal(0, ToolRun.Of("check", Target).ExitCode);
    }

    [Fact]
    public void FileOfTheFirstLayout_GoesIntoANewerOne()
    {
        // Columns of version 2 are at the end; version 1 had no runs.csv.
        source.Change("accuracy.csv", lines =>
        {
            var columns = lines[0].Split(',').ToList().IndexOf("policy_in_force");
            for (var line = 0; line < lines.Count; line++)
                lines[line] = (line == 0 ? "" : "1") + string.Join(',', lines[line].Split(',')[..columns])[(line == 0 ? 0 : 1)..];
        });
        File.Delete(Path.Combine(source.Folder, "runs.csv"));
        source.Filled(Target, MadeUpResults.LaterRunId);
        Assert.Equal(0, ToolRun.Of("merge", source.Root, "--into", Target).ExitCode);
        var rows = new ResultStore(TargetFolder).Read<AccuracyRow>();
        Assert.Equal((12, 6), (rows.Count, rows.Count(row => row is { SchemaVersion: 1, Schedule: "unknown" })));
        Assert.StartsWith("Nothing new", ToolRun.Of("merge", source.Root, "--into", Target).Output);
    }

    [Fact]
    public void FolderIntoItself_IsRefused()
    {
        foreach (var (from, into) in new[] { (source.Root, source.Root), (source.Folder, source.Root), (source.Root, Path.Combine(source.Root, "all")) })
        {
            var run = ToolRun.Of("merge", from, "--into", into);
            Assert.Equal(ExitCode.BadInput, run.ExitCode);
            Assert.Contains("are the same folder, or one lies in the other", run.Errors);
        }
    }

    [Fact]
    public void EnvironmentsFolderAsTarget_IsRefused()
    {
        var second = source.Another("second");
        source.Filled(second, MadeUpResults.LaterRunId);
        var run = ToolRun.Of("merge", second, "--into", source.Folder);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("Give the results folder above it", run.Errors);
    }

    [Fact]
    public void MissingArguments_AreABadRequest()
    {
        Assert.Equal(ExitCode.BadInput, ToolRun.Of("merge", "--into", Target).ExitCode);
        Assert.Equal(ExitCode.BadInput, ToolRun.Of("merge", source.Root).ExitCode);
        Assert.Equal(ExitCode.BadInput, ToolRun.Of("merge", source.Another("missing"), "--into", Target).ExitCode);
    }

    /// <summary>Continued lines joined again: where they break depends on the length of the temporary folder's name.</summary>
    private static string Unwrapped(string output) => output.ReplaceLineEndings("\n").Replace("\n    ", " ");
}
