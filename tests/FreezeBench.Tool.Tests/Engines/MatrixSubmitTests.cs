using FreezeBench.Results;
using FreezeBench.Tool.Cells;
using FreezeBench.Tool.Engines;
using FreezeBench.Tool.Tests.Cells;
using Xunit;

namespace FreezeBench.Tool.Tests.Engines;

public sealed class MatrixSubmitTests
{
    private const string TwoKinds = """
        { "name": "n", "nodes": [{ "name": "a", "gres": "gpu:a:1" }, { "name": "b", "partition": "slow" }],
          "setup": ["module load cuda"], "cells": [{ "networks": ["resnet18"], "policies": ["frozen", "fine-tune"] }] }
        """;

    private readonly RecordedEngine engine = new();

    private Submission? Submit(MatrixFolder matrix) =>
        new MatrixSubmit(matrix.Document, matrix.Job, ProgramFolder.Find(matrix.Program("rows 1").Programs, [CellProgram.Bench]), engine).Run(matrix.Cells).Submission;

    [Fact]
    public void EachKind_IsAnArray_AndTheMergeComesBehindAllOfThem()
    {
        using var matrix = new MatrixFolder(TwoKinds);
        var submission = Submit(matrix)!;
        Assert.Equal(["101", "102", "103"], submission.Jobs);
        Assert.Equal([("n-a", 2, true), ("n-b", 2, true), ("n-merge", 0, false)], engine.Scripts.Select(script => (script.Name, script.Tasks ?? 0, script.NeedsDevice)));
        Assert.Equal(["101", "102"], engine.Scripts[2].After);
        Assert.All(engine.Scripts, script => Assert.Equal(["module load cuda"], script.Setup));
        Assert.Equal(matrix.Cells.Take(2).Select(cell => cell.Id), File.ReadAllLines(Path.ChangeExtension(engine.Scripts[0].Path, "cells")));
        Assert.Contains($"matrix merge {matrix.Path} --out {matrix.Job.Root}", engine.Scripts[2].Command, StringComparison.Ordinal);
        Assert.Equal(submission.Jobs, Submission.All(matrix.Job).Single().Jobs);
    }

    [Fact]
    public void CellsThatAreDone_OrInAJob_AreNotSubmittedAgain()
    {
        using var matrix = new MatrixFolder(TwoKinds);
        matrix.Attempted(matrix.Cells[0], "20260101T000000Z-00000001");
        Submit(matrix);
        engine.States = [new("101", 1, "FAILED", TaskKind.Over, "", ""), new("102", 1, "RUNNING", TaskKind.Running, "n1", ""), new("102", 2, "PENDING", TaskKind.Waiting, "", "Priority")];
        var again = Submit(matrix)!;
        Assert.Equal([matrix.Cells[1].Id], Assert.Single(again.Arrays).Cells);
        engine.States = [.. engine.States, new("104", 1, "PENDING", TaskKind.Waiting, "", "Resources")];
        Assert.Null(Submit(matrix));
    }

    [Theory]
    [InlineData(1, new string[0])]
    [InlineData(2, new[] { "101" })]
    [InlineData(3, new[] { "101", "102" })]
    public void JobThatIsRefused_TakesTheOthersWithIt(int number, string[] cancelled)
    {
        using var matrix = new MatrixFolder(TwoKinds);
        engine.Refuses = number;
        Assert.Throws<UserErrorException>(() => Submit(matrix));
        Assert.Equal(cancelled, engine.Cancelled);
    }

    [Fact]
    public void EngineThatCannotBeAsked_IsGivenNothingTwice()
    {
        using var matrix = new MatrixFolder(TwoKinds);
        Submit(matrix);
        engine.States = null;
        Assert.Contains("they would run twice", Assert.Throws<UserErrorException>(() => Submit(matrix)).Message, StringComparison.Ordinal);
        Assert.Equal(3, engine.Scripts.Count);
    }

    // Each would give the engine what the other has not recorded yet.
    [Fact]
    public void SubmitBesideAnother_IsRefused_AndGivesTheEngineNothing()
    {
        using var matrix = new MatrixFolder(TwoKinds);
        UserErrorException? second = null;
        engine.OnSubmit = () => second ??= Assert.Throws<UserErrorException>(() => new MatrixSubmit(matrix.Document, matrix.Job, ProgramFolder.Find(matrix.Programs, [CellProgram.Bench]), engine).Run(matrix.Cells));
        Submit(matrix);
        Assert.Contains("Where another submit of this matrix is under way, wait for its end", second!.Message, StringComparison.Ordinal);
        Assert.Equal(3, engine.Scripts.Count);
    }

    [Fact]
    public void ClusterOfSmallerArrays_GetsMoreOfThem()
    {
        using var matrix = new MatrixFolder(TwoKinds);
        var small = new RecordedEngine { MostTasks = 1 };
        var submission = new MatrixSubmit(matrix.Document, matrix.Job, ProgramFolder.Find(matrix.Program("rows 1").Programs, [CellProgram.Bench]), small).Run(matrix.Cells).Submission!;
        Assert.Equal([1, 1, 1, 1], submission.Arrays.Select(array => array.Cells.Count));
        Assert.Equal(["a.sh", "a-2.sh", "b.sh", "b-2.sh", "merge.sh"], small.Scripts.Select(script => Path.GetFileName(script.Path)));
    }

    [Fact]
    public void MoreCellsThanAnArrayHolds_AreSeveralArrays()
    {
        var many = string.Join(", ", Enumerable.Range(1, 1001));
        using var matrix = new MatrixFolder($$"""{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen"], "batch_sizes": [{{many}}] }] }""");
        Assert.Equal([1000, 1], Submit(matrix)!.Arrays.Select(array => array.Cells.Count));
        Assert.Equal(["any.sh", "any-2.sh", "merge.sh"], engine.Scripts.Select(script => Path.GetFileName(script.Path)));
    }
}
