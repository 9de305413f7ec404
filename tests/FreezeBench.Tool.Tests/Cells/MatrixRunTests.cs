using System.Diagnostics;
using FreezeBench.Faults;
using FreezeBench.Tool.Cells;
using FreezeBench.Tool.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Cells;

/// <summary>Runs of cells whose programs are scripts; the real ones are run by tests/slurm/check.sh.</summary>
public sealed class MatrixRunTests
{
    private const string One = """{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen"] }] }""";
    private const string Training = """{ "cells": [{ "program": "accuracy", "datasets": ["synthetic"], "policies": ["frozen"] }] }""";

    public MatrixRunTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs of these tests are scripts of a shell.");

    [Fact]
    public void CellThatFails_DoesNotStopTheRest_AndIsRunAgainTheNextTime()
    {
        // The first policy fails until somebody mends it.
        using var matrix = new MatrixFolder().Program("""[[ $all == *fine-tune* || -e mended || -e "$(dirname "$0")/mended" ]] || { echo 'No such luck.' >&2; exit 1; }; rows 1""");
        var run = matrix.Matrix("run", "--programs", matrix.Programs);
        Assert.Equal(ExitCode.Found, run.ExitCode);
        Assert.Contains($"2 of 4 cells done, in {matrix.Job.Root}.", run.Output, StringComparison.Ordinal);
        Assert.Contains("No such luck.", run.Errors, StringComparison.Ordinal);
        var status = matrix.Matrix("status");
        Assert.Equal(ExitCode.Found, status.ExitCode);
        Assert.Matches(@"failed after \d+:\d\d with exit code 1", status.Output);
        Assert.Contains("    No such luck.\n", status.Output, StringComparison.Ordinal);
        Assert.EndsWith($"4 cells: 2 done, 2 failed. Folder: {matrix.Job.Root}\n", status.Output, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(matrix.Programs, "mended"), "");
        run = matrix.Matrix("run", "--programs", matrix.Programs);
        Assert.Equal((0, $"4 of 4 cells done, in {matrix.Job.Root}.\n"), (run.ExitCode, run.Output));
        Assert.Equal([2, 1, 2, 1], matrix.Cells.Select(cell => matrix.Job.Attempts(cell).Count));
        Assert.Equal(2, run.Errors.Split("done on ").Length - 1);
    }

    [Fact]
    public void ProgramIsTold_WhatTheCellIs_AndWhereToWrite()
    {
        using var matrix = new MatrixFolder("""{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen"], "options": { "quick": true, "images-per-epoch": 8 } }] }""").Program("""echo "in $PWD: $all"; rows 1""");
        Assert.Equal(0, matrix.Matrix("run", "--programs", matrix.Programs).ExitCode);
        var (folder, attempt) = matrix.Job.Finished(matrix.Cells[0])!.Value;
        Assert.Equal([$"in {folder}.part: --backbone resnet18 --policies frozen --quick --images-per-epoch 8 --device auto --out {folder}.part/results"], AttemptLog.LastLines(folder, 5).Select(line => line.Replace("/private", "", StringComparison.Ordinal)));
        Assert.Equal((AttemptOutcome.Finished, 0), (attempt.Outcome, attempt.ExitCode));
    }

    [Theory]
    [InlineData("true", "it wrote no rows")]
    [InlineData("rows 1; rm \"$out\"/*/environment.json", "its rows are wrong")]
    public void ProgramThatEndsWellWithoutSoundRows_HasFailed(string text, string reason)
    {
        using var matrix = new MatrixFolder(One).Program(text);
        var run = matrix.Matrix("run", "--programs", matrix.Programs);
        Assert.Equal(ExitCode.Found, run.ExitCode);
        Assert.Contains(reason, run.Errors, StringComparison.Ordinal);
        Assert.Null(matrix.Job.Finished(matrix.Cells[0]));
    }

    [Fact]
    public void AttemptThatDoesNotCount_IsSaid_BeforeItsCellIsMeasuredAgain()
    {
        using var matrix = new MatrixFolder(One).Program("rows 2");
        File.WriteAllText(Path.Combine(matrix.Attempted(matrix.Cells[0], "20260101T000000Z-00000001"), Attempt.FileName), "");
        matrix.Attempted(matrix.Cells[0], "20260101T000001Z-00000001", rows: null);
        var run = matrix.Matrix("run", "--programs", matrix.Programs);
        Assert.Equal((0, $"1 of 1 cell done, in {matrix.Job.Root}.\n"), (run.ExitCode, run.Output));
        Assert.Contains($"{matrix.Cells[0].Id}, attempt 20260101T000000Z-00000001 does not count: record unreadable: attempt.json: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"{matrix.Cells[0].Id}, attempt 20260101T000001Z-00000001 does not count: it wrote no rows: ", run.Errors, StringComparison.Ordinal);
    }

    // As where another process on the same folder ends a cell at this moment: seen as none, it would be measured again.
    [Fact]
    public void AttemptThatEndsBetweenTwoLooks_IsSeenOnce()
    {
        using var matrix = new MatrixFolder(One);
        var ended = matrix.Attempted(matrix.Cells[0], "20260101T000000Z-00000001");
        var running = matrix.Attempted(matrix.Cells[0], "20260101T000001Z-00000001", rows: null, AttemptOutcome.Running);
        foreach (var listed in new string[][] { [ended + JobFolder.UnderWay, running], [running, ended, ended + JobFolder.UnderWay] })
        {
            var (readable, bad) = JobFolder.Records(listed);
            Assert.Equal([(ended, AttemptOutcome.Finished), (running, AttemptOutcome.Running)], readable.Select(pair => (pair.Folder, pair.Attempt.Outcome)));
            Assert.Empty(bad);
        }
    }

    [Fact]
    public void TrainingThatWasCutOff_GoesOn_OnACopy()
    {
        using var matrix = new MatrixFolder(Training).Program("""[[ $all == *--resume ]] && cat "$states/a-session/session.json" && rows 1""", "accuracy");
        var before = matrix.Attempted(matrix.Cells[0], "20260101T000000Z-00000001", rows: 2, AttemptOutcome.Running);
        Directory.CreateDirectory(Path.Combine(before, "checkpoints", "a-session"));
        File.WriteAllText(Path.Combine(before, "checkpoints", "a-session", "session.json"), "It was in epoch 3.");
        File.WriteAllText(Path.Combine(before, "checkpoints", "a-session", "session.lock"), "");

        Assert.Equal(0, matrix.Matrix("run", "--programs", matrix.Programs).ExitCode);

        var (folder, attempt) = matrix.Job.Finished(matrix.Cells[0])!.Value;
        Assert.Equal("20260101T000000Z-00000001", attempt.ResumedFrom);
        Assert.Equal("It was in epoch 3.", AttemptLog.LastLines(folder, 1)[0]);
        Assert.False(Directory.Exists(Path.Combine(folder, "checkpoints")));
        Assert.True(File.Exists(Path.Combine(before, "checkpoints", "a-session", "session.json")));
    }

    [Fact]
    public void TrainingWhoseStateDoesNotFit_BeginsAnew()
    {
        using var matrix = new MatrixFolder(Training).Program("""[[ $all != *--resume ]] || { echo 'Another machine.'; exit 2; }; [[ ! -e $states ]] && rows 1""", "accuracy");
        var before = matrix.Attempted(matrix.Cells[0], "20260101T000000Z-00000001", rows: 2, AttemptOutcome.Interrupted);
        Directory.CreateDirectory(Path.Combine(before, "checkpoints", "a-session"));
        File.WriteAllText(Path.Combine(before, "checkpoints", "a-session", "session.json"), "");

        Assert.Equal(0, matrix.Matrix("run", "--programs", matrix.Programs).ExitCode);

        var (folder, attempt) = matrix.Job.Finished(matrix.Cells[0])!.Value;
        Assert.Null(attempt.ResumedFrom);
        Assert.DoesNotContain(MatrixFolder.RunOf(2), File.ReadAllText(Directory.GetFiles(folder, "runs.csv", SearchOption.AllDirectories).Single()), StringComparison.Ordinal);
    }

    [Fact]
    public void TrainingThatLeftNoState_IsNotResumed()
    {
        using var matrix = new MatrixFolder(Training).Program("""[[ $all != *--resume ]] && rows 1""", "accuracy");
        matrix.Attempted(matrix.Cells[0], "20260101T000000Z-00000001", rows: 2, AttemptOutcome.Interrupted);
        Assert.Equal(0, matrix.Matrix("run", "--programs", matrix.Programs).ExitCode);
    }

    [Fact]
    public void Stop_EndsTheCellThatRuns_AndBeginsNoOther()
    {
        using var matrix = new MatrixFolder().Program("""trap 'echo ended; exit 143' TERM; echo begun; while :; do read -t 1 <> <(:) || true; done""");
        using var stop = new CancellationTokenSource();
        var reporter = new Heard(line => { if (line == "begun") stop.Cancel(); });
        Assert.False(MatrixRun.Run(matrix.Cells, matrix.Job, ProgramFolder.Find(matrix.Programs, [CellProgram.Bench]), reporter, refused: false, stop.Token));
        var (folder, attempt) = Assert.Single(matrix.Job.Attempts(matrix.Cells[0]));
        Assert.Equal((AttemptOutcome.Interrupted, 143), (attempt.Outcome, attempt.ExitCode));
        Assert.Equal(["begun", "ended"], AttemptLog.LastLines(folder, 5));
        Assert.Single(Directory.GetDirectories(Path.Combine(matrix.Job.Root, "cells")));
        Assert.Contains("interrupted  interrupted after", matrix.Matrix("status").Output, StringComparison.Ordinal);
    }

    // After SIGKILL of the run its program works on, and a measurement beside it would be none.
    [Fact]
    public void ProgramThatAKilledRunLeft_IsEndedByTheNext()
    {
        using var matrix = new MatrixFolder(One).Program("rows 1");
        using var left = Process.Start("sleep", "600");
        Left(matrix, left, left.StartTime);
        Assert.Contains($"cut off on {JobFolder.Host}; its process {left.Id} goes on until the next run ends it", matrix.Matrix("status").Output, StringComparison.Ordinal);

        var run = matrix.Matrix("run", "--programs", matrix.Programs);

        Assert.True(left.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Equal((143, 0), (left.ExitCode, run.ExitCode));
        Assert.Contains($"{matrix.Cells[0].Id}  process {left.Id} is ended, which a run that was killed left at it\n", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void ProcessThatGotTheNumberOfAnother_IsLeftAlone()
    {
        using var matrix = new MatrixFolder(One).Program("rows 1");
        using var other = Process.Start("sleep", "600");
        try
        {
            Left(matrix, other, other.StartTime.AddHours(-1));
            var run = matrix.Matrix("run", "--programs", matrix.Programs);
            Assert.Equal((0, false), (run.ExitCode, other.HasExited));
            Assert.DoesNotContain("is ended", run.Errors, StringComparison.Ordinal);
        }
        finally
        {
            other.Kill();
        }
    }

    private static void Left(MatrixFolder matrix, Process program, DateTime begun)
    {
        using var killed = Process.Start("true");
        killed.WaitForExit();
        var folder = matrix.Attempted(matrix.Cells[0], "20260101T000000Z-00000001", rows: null, AttemptOutcome.Running, host: JobFolder.Host);
        (Attempt.Read(folder)! with { ProcessId = killed.Id, ProgramId = program.Id, ProgramBegun = begun.ToUniversalTime() }).Write(folder);
    }

    [Fact]
    public void RecordOfAnAttempt_HasItsProgram()
    {
        using var matrix = new MatrixFolder(One).Program("""echo "$$"; rows 1""");
        Assert.Equal(0, matrix.Matrix("run", "--programs", matrix.Programs).ExitCode);
        var (folder, attempt) = matrix.Job.Finished(matrix.Cells[0])!.Value;
        Assert.Equal($"{attempt.ProgramId}", AttemptLog.LastLines(folder, 1)[0]);
        Assert.InRange(attempt.ProgramBegun!.Value, attempt.Begun.AddSeconds(-2), attempt.Ended!.Value);
    }

    // Two files of one name would merge over each other's rows.
    [Theory]
    [InlineData("m.yaml", null)]
    [InlineData("m.yml", null)]
    [InlineData("m.json.yaml", 0)]
    [InlineData("m.md", 0)]
    public void FolderThatAnotherMatrixHasToo_IsNotTakenUnasked(string beside, int? exitCode)
    {
        using var matrix = new MatrixFolder(One).Program("rows 1");
        File.WriteAllText(matrix.At(beside), "");
        var run = matrix.Matrix("run", "--programs", matrix.Programs);
        Assert.Equal(exitCode ?? ExitCode.BadInput, run.ExitCode);
        Assert.Equal(exitCode is null, run.Errors.Contains($"{matrix.Path} and {matrix.At(beside)} would both have the folder {matrix.Job.Root}, and each would merge over the other's rows there. Name one for this matrix: --out DIR.", StringComparison.Ordinal));
        Assert.Equal(0, matrix.Matrix("run", "--programs", matrix.Programs, "--out", matrix.At("own")).ExitCode);
    }

    [Fact]
    public void OneCell_OrOneKind_CanBeAskedFor()
    {
        using var matrix = new MatrixFolder("""{ "nodes": [{ "name": "a" }, { "name": "b" }], "cells": [{ "networks": ["resnet18"], "policies": ["frozen", "fine-tune"] }] }""").Program("rows 1");
        Assert.Equal(0, matrix.Matrix("run", "--programs", matrix.Programs, "--node", "b").ExitCode);
        Assert.Equal([false, false, true, true], matrix.Cells.Select(cell => matrix.Job.Finished(cell) is not null));
        Assert.Equal(0, matrix.Matrix("run", "--programs", matrix.Programs, "--cell", matrix.Cells[1].Id).ExitCode);
        Assert.Equal([false, true, true, true], matrix.Cells.Select(cell => matrix.Job.Finished(cell) is not null));
        var refused = matrix.Matrix("run", "--programs", matrix.Programs, "--cell", matrix.Cells[0].Id + "x");
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains($"Did you mean '{matrix.Cells[0].Id}'?", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("has no kind of node 'c'. It has a, b.", matrix.Matrix("run", "--programs", matrix.Programs, "--node", "c").Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan")]
    [InlineData("run")]
    [InlineData("submit")]
    public void CommandLineThatItsProgramRefuses_IsSaidBeforeAnythingBegins(string verb)
    {
        using var matrix = new MatrixFolder("""{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen", "fine-tune"], "resolutions": [0, 32] }] }""").Program("rows 1");
        var refused = matrix.Matrix(verb, "--programs", matrix.Programs);
        Assert.Equal((ExitCode.BadInput, ""), (refused.ExitCode, refused.Output));
        Assert.Contains($"{matrix.Path}: 2 cells cannot run, and none was begun.\n  {matrix.Cells[0].Id} and 1 more: bench says: --resolution is 0. See --help.\n", refused.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(matrix.Job.Root));
    }

    [Theory]
    [InlineData("exit 2")]
    [InlineData("echo null")]
    [InlineData("cat; echo x")]
    public void ProgramThatDoesNotCheck_IsSaid(string text)
    {
        using var matrix = new MatrixFolder().Program("rows 1");
        Script.Write(Path.Combine(matrix.Programs, "bench"), $"#!/bin/bash\n{text}\n");
        var refused = matrix.Matrix("run", "--programs", matrix.Programs);
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains("bench --check-commands did not say whether it takes the cells' command lines", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingPrograms_AreSaid()
    {
        using var matrix = new MatrixFolder(Training).Program("rows 1");
        var refused = matrix.Matrix("run", "--programs", matrix.Programs);
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains($"--programs is '{matrix.Programs}', which has no accuracy: neither a file of that name, as in a bundle, nor src/FreezeBench.Accuracy/bin/", refused.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(matrix.Job.Root));
    }

    private sealed class Heard(Action<string> says) : ICellReporter
    {
        public void Skipped(Cell cell, string why)
        {
        }

        public void LeftOut(Cell cell, BadAttempt attempt)
        {
        }

        public void EndsLeftOver(Cell cell, Attempt attempt)
        {
        }

        public void Begins(Cell cell, string? resumedFrom)
        {
        }

        public void Says(string line) => says(line);

        public void Ends(Cell cell, Attempt attempt, string folder)
        {
        }
    }
}
