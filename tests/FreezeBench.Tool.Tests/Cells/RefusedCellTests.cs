using System.Text.RegularExpressions;
using FreezeBench.Faults;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Tool.Cells;
using FreezeBench.Tool.Commands;
using FreezeBench.Tool.Engines;
using FreezeBench.Tool.Tests.Commands;
using FreezeBench.Tool.Tests.Engines;
using Xunit;

namespace FreezeBench.Tool.Tests.Cells;

/// <summary>What only a device can refuse: told in a line once it has, not tried again for ever, and before it where records know the device.</summary>
public sealed class RefusedCellTests
{
    private const string Said = "--precision tf32 was asked for on cuda:0, and TF32 needs a GPU of compute capability 8.0 (Ampere) or newer; this GPU has 7.0. Pass --precision fp32.";
    private const string Gpus = """
        { "nodes": [{ "name": "v100", "gres": "gpu:v100:1" }, { "name": "h200", "gres": "gpu:h200:1" }],
          "cells": [{ "networks": ["resnet18"], "policies": ["frozen"], "precisions": ["tf32"], "repeats": 2 }] }
        """;

    public RefusedCellTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs of these tests are scripts of a shell.");

    [Fact]
    public void RefusedCell_IsToldInALine_AndNotTriedAgainUnlessAskedFor()
    {
        using var matrix = new MatrixFolder().Program($$"""
            [[ -e "$(dirname "$0")/mended" || $all != *fine-tune* ]] || { echo 'Settings: many'; echo 'Error: {{Said}}' >&2; echo 'See --help.' >&2; exit 2; }
            rows 1
            """);
        string[] refused = [.. matrix.Cells.Where(cell => cell.Id.Contains("fine-tune", StringComparison.Ordinal)).Select(cell => cell.Id)];
        var run = matrix.Matrix("run", "--programs", matrix.Programs);
        Assert.Equal((ExitCode.Found, 2), (run.ExitCode, Timeless(run.Errors).Split($"refused after 0:00: {Said} See --help.").Length - 1));
        Assert.Contains("2 of 4 cells done, ", run.Output, StringComparison.Ordinal);
        Assert.EndsWith(" 2 cells refused: where the cause is gone, --refused tries them again.\n", run.Output, StringComparison.Ordinal);

        var why = $"refused after 0:00 on {JobFolder.Host}: {Said} See --help.";
        var status = matrix.Matrix("status");
        Assert.Equal(ExitCode.Found, status.ExitCode);
        Assert.True(Timeless(status.Output).Split($"  failed       {why}\n").Length == 3, status.Output);
        Assert.DoesNotContain("\n    ", status.Output, StringComparison.Ordinal);
        Assert.Contains($"2 cells missing:\n  {refused[0]}  {why}\n  {refused[1]}  {why}\n", Timeless(matrix.Matrix("merge").Output), StringComparison.Ordinal);
        Assert.Contains($"{refused[0]}  doubtful  {why}\n", Timeless(matrix.Matrix("plan", "--programs", matrix.Programs).Output), StringComparison.Ordinal);

        run = matrix.Matrix("run", "--programs", matrix.Programs);
        Assert.Equal((ExitCode.Found, 2), (run.ExitCode, Timeless(run.Errors).Split($"was {why}").Length - 1));
        Assert.All(matrix.Cells, cell => Assert.Single(matrix.Job.Attempts(cell)));

        File.WriteAllText(Path.Combine(matrix.Programs, "mended"), "");
        Assert.Equal(0, matrix.Matrix("run", "--programs", matrix.Programs, "--refused").ExitCode);
        Assert.EndsWith($"4 cells: 4 done. Folder: {matrix.Job.Root}\n", matrix.Matrix("status").Output, StringComparison.Ordinal);
    }

    // The two streams of a program are two pipes: what it prints to one comes at any moment among the lines of the other.
    [Fact]
    public void Refusal_IsWhatTheProgramSaysOfIt_WhateverItPrintsMeanwhile()
    {
        using var matrix = new MatrixFolder("""{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen"] }] }""").Program($$"""
            heard() { until grep -q "^$1" "$(dirname "$out")/log.txt"; do :; done; }
            echo 'Error: no end yet' >&2
            echo 'Error: {{Said}}' >&2; heard 'Error: {{Said[..20]}}'
            echo 'Settings: many'; heard Settings
            printf 'See\n\n --help. \n' >&2; heard ' --help'
            echo 'Rows: none'
            exit 2
            """);
        var run = matrix.Matrix("run", "--programs", matrix.Programs);
        Assert.Equal(ExitCode.Found, run.ExitCode);
        Assert.Equal($"{Said} See  --help.", Assert.Single(matrix.Job.Attempts(matrix.Cells[0])).Attempt.Reason);
        Assert.Equal("Rows: none", AttemptLog.LastLines(matrix.Job.Attempts(matrix.Cells[0])[0].Folder, 1)[0]);
    }

    [Theory]
    [InlineData("echo 'Failed: libtorch says so'; exit 1", "libtorch says so")]
    [InlineData("echo 'Error: of the output'; echo 'Failed: of the errors' >&2; exit 1", "of the errors")]
    [InlineData("echo nothing >&2; exit 1", null)]
    public void Error_IsFoundOnEitherStream(string program, string? reason)
    {
        using var matrix = new MatrixFolder("""{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen"] }] }""").Program(program);
        Assert.Equal(ExitCode.Found, matrix.Matrix("run", "--programs", matrix.Programs).ExitCode);
        Assert.Equal(reason, Assert.Single(matrix.Job.Attempts(matrix.Cells[0])).Attempt.Reason);
    }

    // On a busy machine a cell that is refused at once takes a second.
    private static string Timeless(string output) => Regex.Replace(output, @"refused after \d+:\d\d", "refused after 0:00");

    [Fact]
    public void RefusedCell_IsNotSubmittedAgain_UnlessAskedFor()
    {
        using var matrix = new MatrixFolder().Program("rows 1");
        Refuse(matrix, matrix.Cells[0]);
        var engine = new RecordedEngine();
        var submit = new MatrixSubmit(matrix.Document, matrix.Job, ProgramFolder.Find(matrix.Programs, [CellProgram.Bench]), engine);

        var (submission, left) = submit.Run(matrix.Cells);
        Assert.Equal(matrix.Cells.Skip(1).Select(cell => cell.Id), Assert.Single(submission!.Arrays).Cells);
        Assert.Equal(matrix.Cells[0].Id, Assert.Single(left).Cell.Id);
        // A job that is in the queue runs its cell, whatever came of it before.
        Assert.Contains(" --refused ", engine.Scripts[0].Command, StringComparison.Ordinal);

        (submission, left) = submit.Run(matrix.Cells, refused: true);
        Assert.Contains(matrix.Cells[0].Id, Assert.Single(submission!.Arrays).Cells);
        Assert.Empty(left);
    }

    [Fact]
    public void CellThatWasMeasuredAfterAll_IsNoRefusedOne()
    {
        using var matrix = new MatrixFolder();
        Refuse(matrix, matrix.Cells[0]);
        matrix.Attempted(matrix.Cells[0], "20260101T000001Z-00000001");
        Assert.Null(matrix.Job.Look(matrix.Cells[0]).Refusal);
        Refuse(matrix, matrix.Cells[1]);
        matrix.Attempted(matrix.Cells[1], "20260101T000001Z-00000001", rows: null, AttemptOutcome.Interrupted);
        Assert.Null(matrix.Job.Look(matrix.Cells[1]).Refusal);
    }

    [Fact]
    public void OtherRepeats_AreDoubtful_OnThatKindAlone()
    {
        using var matrix = new MatrixFolder(Gpus);
        Refuse(matrix, matrix.Cells[0]);
        var plan = matrix.Plan().Output;
        Assert.Contains($"{matrix.Cells[0].Id}  doubtful  refused after 1:00 on n1: {Said}\n", plan, StringComparison.Ordinal);
        Assert.Contains($"{matrix.Cells[1].Id}  doubtful  another repeat was refused after 1:00 on n1: {Said}\n", plan, StringComparison.Ordinal);
        Assert.Contains($"{matrix.Cells[2].Id}         ?  unknown\n", plan, StringComparison.Ordinal);
        Assert.Contains("v100: 2 cells, 0 done, of 2 the time is unknown, 2 doubtful\n", plan, StringComparison.Ordinal);
        Assert.Contains("Not known is the GPU of: v100, h200.\n", plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("an attempt")]
    [InlineData("rows")]
    public void GpuThatRecordsKnow_IsAskedFor_BeforeTheNodeIs(string source)
    {
        // The program refuses tf32 where it is told of a GPU before Ampere.
        using var matrix = new MatrixFolder(Gpus).Program("rows 1");
        Script.Write(Path.Combine(matrix.Programs, "bench"), $$"""
            #!/bin/bash
            while read -r line; do case $line in *'"compute_capability":"7.0"'*) echo '"{{Said}}"' ;; *) echo null ;; esac; done
            """);
        var results = source == "rows" ? matrix.At("rows") : Path.Combine(matrix.Attempted(matrix.Cells[0], "20260101T000000Z-00000001", rows: null, AttemptOutcome.Failed, host: "n1"), Attempt.ResultsName);
        var environment = OfGpu("Tesla V100-SXM2-16GB", "7.0", 16L << 30);
        new ResultStore(Path.Combine(results, environment.Id)).WriteEnvironment(environment);

        var plan = matrix.Matrix("plan", ["--programs", matrix.Programs, .. source == "rows" ? new[] { "--rows", results } : []]);
        var from = source == "rows" ? $"rows of {environment.Id}" : "an attempt on n1";
        Assert.Equal((0, ""), (plan.ExitCode, plan.Errors));
        Assert.Equal(2, plan.Output.Split($"  doubtful  Tesla V100-SXM2-16GB ({from}) would refuse it: {Said}\n").Length - 1);
        Assert.Contains($" Known are: v100 Tesla V100-SXM2-16GB, compute capability 7.0, 16.0 GiB ({from}). Not known is the GPU of: h200.\n", plan.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void BatchThatTookMoreThanTheGpuHas_IsDoubtful()
    {
        using var matrix = new MatrixFolder("""{ "nodes": [{ "name": "v100", "gres": "gpu:v100:1" }], "cells": [{ "networks": ["resnet18"], "policies": ["frozen"], "options": { "suites": "step" } }] }""");
        var (small, large) = (OfGpu("Tesla V100", "7.0", 16L << 30), OfGpu("NVIDIA H200", "9.0", 139L << 30));
        foreach (var environment in new[] { small, large })
            new ResultStore(Path.Combine(matrix.At("rows"), environment.Id)).WriteEnvironment(environment);
        var row = MadeUpResults.Measurement.ToRow(MadeUpResults.Stamp(MadeUpResults.RunId));
        new ResultStore(Path.Combine(matrix.At("rows"), large.Id)).Append(row with { EnvironmentId = large.Id, Device = "cuda:0", Policy = "frozen", PeakMemoryBytes = 20L << 30, MemorySource = MemorySource.ProcessGrowth });

        var sets = new[] { FreezeBench.Results.Sets.ResultSet.Load(matrix.At("rows")) };
        var doubts = CellDoubts.Of(matrix.Cells, matrix.Job, sets, new CellEstimates(matrix.Cells, matrix.Job, sets), programs: null);
        Assert.Equal($"it may not fit: rows of {large.Id} took 20.0 GiB, and Tesla V100 (rows of {small.Id}) has 16.0 GiB", Assert.Single(doubts.Reasons).Value);
    }

    private static EnvironmentRecord OfGpu(string name, string capability, long memory) => MadeUpResults.Environment with
    {
        Torch = MadeUpResults.Environment.Torch with { Device = "cuda:0", Backend = "cuda" },
        Gpu = new GpuFacts { Name = name, ComputeCapability = capability, MemoryBytes = memory, DriverVersion = "570.1" },
    };

    private static void Refuse(MatrixFolder matrix, Cell cell)
    {
        var folder = matrix.Attempted(cell, "20260101T000000Z-00000001", rows: null, AttemptOutcome.Failed, host: "n1");
        (Attempt.Read(folder)! with { ExitCode = 2, Reason = Said }).Write(folder);
    }
}
