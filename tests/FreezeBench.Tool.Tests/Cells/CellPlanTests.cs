using Xunit;

namespace FreezeBench.Tool.Tests.Cells;

public sealed class CellPlanTests
{
    // Folders of cells are found by them years later.
    [Fact]
    public void Ids_StayWhatTheyAre()
    {
        using var matrix = new MatrixFolder();
        Assert.Equal(["any-resnet18-frozen-1-cb8e9c72", "any-resnet18-fine-tune-1-50cb82e1", "any-resnet18-frozen-2-cb8e9fcf", "any-resnet18-fine-tune-2-50cb84c8"], matrix.Cells.Select(cell => cell.Id));
    }

    [Fact]
    public void Id_DependsOnTheSettingsAlone()
    {
        const string Text = """{ "nodes": [{ "name": "a", "partition": "PARTITION", "time_limit": 5 }], "cells": [{ "networks": [NETWORKS], "policies": ["frozen"], "options": { OPTIONS } }] }""";
        using var first = new MatrixFolder(Text.Replace("PARTITION", "x", StringComparison.Ordinal).Replace("NETWORKS", "\"resnet18\", \"resnet50\"", StringComparison.Ordinal).Replace("OPTIONS", "\"quick\": true, \"suites\": \"step\"", StringComparison.Ordinal));
        using var second = new MatrixFolder(Text.Replace("PARTITION", "y", StringComparison.Ordinal).Replace("NETWORKS", "\"resnet50\", \"vit\", \"resnet18\"", StringComparison.Ordinal).Replace("OPTIONS", "\"suites\": \"step\", \"quick\": true", StringComparison.Ordinal));
        using var third = new MatrixFolder(Text.Replace("PARTITION", "x", StringComparison.Ordinal).Replace("NETWORKS", "\"resnet18\"", StringComparison.Ordinal).Replace("OPTIONS", "\"suites\": \"epoch\"", StringComparison.Ordinal));
        Assert.Subset(second.Cells.Select(cell => cell.Id).ToHashSet(), first.Cells.Select(cell => cell.Id).ToHashSet());
        Assert.DoesNotContain(third.Cells.Single().Id, first.Cells.Select(cell => cell.Id));
    }

    [Theory]
    [InlineData("gpu:h200:1", "cuda")]
    [InlineData("gpu", "cuda")]
    [InlineData("license:1,gpu:2", "cuda")]
    [InlineData("shard:1", "auto")]
    public void KindWithAGpu_NeverFallsBackToTheCpu(string gres, string device)
    {
        using var matrix = new MatrixFolder($$"""{ "nodes": [{ "name": "a", "gres": "{{gres}}" }], "cells": [{ "networks": ["resnet18"], "policies": ["frozen"] }] }""");
        Assert.Equal(["--device", device], matrix.Cells.Single().Arguments.TakeLast(2));
    }
}
