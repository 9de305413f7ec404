using FreezeBench.Tool.Tests.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Cells;

public sealed class MatrixPlanTests
{
    // A user has made the folder, or a merge was killed on a file system that cannot exchange folders.
    [Fact]
    public void EmptyResults_AreNoRows()
    {
        using var matrix = new MatrixFolder();
        Directory.CreateDirectory(matrix.Job.Results);
        var plan = matrix.Plan();
        Assert.Equal((0, ""), (plan.ExitCode, plan.Errors));
        Assert.Contains("any: 4 cells, 0 done, of 4 the time is unknown\n", plan.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("No times from", plan.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a stray file")]
    [InlineData("a damaged row")]
    [InlineData("a damaged environment")]
    public void ResultsThatCannotBeUsed_AreNamed_AndAPlanIsAPlan(string what)
    {
        using var matrix = new MatrixFolder();
        if (what == "a stray file")
            Directory.CreateDirectory(matrix.Job.Results);
        else
            new MadeUpResults().Filled(matrix.Job.Results, MadeUpResults.RunId).Dispose();
        File.AppendAllText(Path.Combine(matrix.Job.Results, what switch { "a stray file" => "notes.txt", "a damaged row" => $"{MadeUpResults.Id}/benchmarks.csv", _ => $"{MadeUpResults.Id}/environment.json" }), "x");
        var plan = matrix.Plan();
        Assert.Equal((0, ""), (plan.ExitCode, plan.Errors));
        Assert.Contains("any: 4 cells, 0 done, of 4 the time is unknown\n", plan.Output, StringComparison.Ordinal);
        Assert.Contains($"\nNo times from {matrix.Job.Results}: ", plan.Output, StringComparison.Ordinal);

        // What somebody asks for by name is to be read.
        plan = matrix.Plan("--rows", matrix.Job.Results);
        Assert.Equal((2, ""), (plan.ExitCode, plan.Output));
        Assert.Contains(matrix.Job.Results, plan.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_TellTimes()
    {
        using var matrix = new MatrixFolder("""{ "cells": [{ "program": "accuracy", "datasets": ["cifar10"], "policies": ["frozen"], "options": { "epochs": 10 } }] }""");
        new MadeUpResults().Filled(matrix.Job.Results, MadeUpResults.RunId).Dispose();
        Assert.Contains($"epochs of {MadeUpResults.Id}, run ", matrix.Plan().Output, StringComparison.Ordinal);
    }
}
