using FreezeBench.Programs;
using Xunit;

namespace FreezeBench.Tests.Programs;

public class DatasetConflictsTests
{
    [Fact]
    public void Cifar10WithoutFolder_SaysWhichOptionIsMissing() => Assert.Equal(
        ["--dataset cifar10 needs --data-dir, the folder of the unpacked binary version (cifar-10-batches-bin)."],
        DatasetConflicts.Find("cifar10", dataDirectory: null));

    [Fact]
    public void SyntheticWithFolder_SaysThatItWouldBeIgnored() => Assert.Equal(
        ["--data-dir is 'images', but --dataset synthetic reads no files; pass --dataset cifar10 to use them."],
        DatasetConflicts.Find("synthetic", "images"));

    [Theory]
    [InlineData("cifar10", "images")]
    [InlineData("synthetic", null)]
    public void WhatGoesTogether_IsNoConflict(string dataset, string? folder) => Assert.Empty(DatasetConflicts.Find(dataset, folder));
}
