using FreezeBench.Results.Rows;
using FreezeBench.Results.Workloads;
using Xunit;

namespace FreezeBench.Results.Tests.Workloads;

public sealed class StandardWorkloadsTests
{
    private static readonly BenchmarkCase step = Examples.Measurement.Case with { Weights = "random" };

    [Fact]
    public void List_NeverChangesSilently() => Assert.Equal(
        [
            "standard-1",
            "resnet18-32px-fp32 resnet18 random synthetic 10 32 128 1024 fp32", "resnet18-224px-tf32 resnet18 random synthetic 10 224 64 512 tf32",
            "resnet18-224px-fp32 resnet18 random synthetic 10 224 64 512 fp32", "resnet18-224px-bf16 resnet18 random synthetic 10 224 64 512 bf16",
            "resnet18-32px-tf32 resnet18 random synthetic 10 32 128 1024 tf32", "resnet18-32px-bf16 resnet18 random synthetic 10 32 128 1024 bf16",
        ],
        [StandardWorkloads.Version, .. StandardWorkloads.All.Select(one => $"{one.Name} {one.Backbone} {one.Weights} {one.Dataset} {one.Classes} {one.ResolutionPx} {one.BatchSize} {one.ImagesPerEpoch} {one.Precision}")]);

    [Fact]
    public void Of_IsWhatIsComputed_WhateverComputesIt()
    {
        Assert.Equal("resnet18-32px-fp32", StandardWorkloads.Of(step)?.Name);
        Assert.Equal("resnet18-32px-fp32", StandardWorkloads.Of(step with { Device = "cuda:1", Threads = 64, MemoryFormat = "contiguous", Kernels = KernelKind.Plain, Framework = "pytorch", Policy = "lora:4" })?.Name);
        Assert.Equal("resnet18-32px-bf16", StandardWorkloads.Of(step with { Precision = "bf16" })?.Name);
        Assert.Equal("resnet18-32px-fp32", StandardWorkloads.Of(step with { Suite = "epoch", Phase = "epoch", Images = 1024 })?.Name);
        Assert.Equal("resnet18-224px-tf32", StandardWorkloads.Of(step with { ResolutionPx = 224, BatchSize = 64, Images = 64, Precision = "tf32" })?.Name);
    }

    public static TheoryData<string, BenchmarkCase> OwnSizes => new()
    {
        { "batch size", step with { BatchSize = 64, Images = 64 } },
        { "resolution", step with { ResolutionPx = 64 } },
        { "precision", step with { Precision = "fp16" } },
        { "network", step with { Backbone = "resnet34" } },
        { "weights", step with { Weights = "formula" } },
        { "data", step with { Dataset = "cifar10" } },
        { "classes", step with { Classes = 100 } },
        { "length of the epoch", step with { Suite = "epoch", Images = 512 } },
        { "an epoch's images in a step", step with { Images = 1024 } },
        { "suite", step with { Suite = "depth" } },
    };

    [Theory]
    [MemberData(nameof(OwnSizes))]
    public void Of_AnythingElse_IsNone(string what, BenchmarkCase other) => Assert.True(StandardWorkloads.Of(other) is null, what);

    [Fact]
    public void Of_SettingsOfATable_GoesByWhatTheyTell()
    {
        var row = Examples.Measurement with { Case = step };
        Assert.Equal("resnet18-32px-fp32", StandardWorkloads.Of(CaseSettings.OfTable(row.ToRow(Examples.Stamp)))?.Name);
        Assert.Equal("resnet18-32px-fp32", StandardWorkloads.Of(CaseSettings.Comparable(row.ToRow(Examples.Stamp)))?.Name);
        Assert.Null(StandardWorkloads.Of(new CaseSettings()));
        Assert.Equal("resnet18-32px-fp32", StandardWorkloads.Of(new CaseSettings(Backbone: "resnet18", ResolutionPx: 32, BatchSize: 128, Precision: "fp32", Images: 1024))?.Name);
    }

    [Fact]
    public void Find_IsByName_AndEveryNameIsItsOwn()
    {
        Assert.All(StandardWorkloads.All, workload => Assert.Same(workload, StandardWorkloads.Find(workload.Name)));
        Assert.Null(StandardWorkloads.Find("resnet18"));
    }

    [Fact]
    public void EveryEpoch_IsOfWholeBatches_AndEveryWorkloadHasItsReason() =>
        Assert.All(StandardWorkloads.All, workload => Assert.True(workload.ImagesPerEpoch % workload.BatchSize == 0 && workload.Reason.EndsWith('.')));
}
