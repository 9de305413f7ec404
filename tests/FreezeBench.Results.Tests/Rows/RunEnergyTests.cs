using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Results.Tests.Rows;

public sealed class RunEnergyTests
{
    [Fact]
    public void Epochs_AreSummed() => Assert.Equal(new RunEnergy(7.5, "nvml"), RunEnergy.Of([Epoch(2.5, "nvml"), Epoch(5, "nvml")]));

    [Fact]
    public void OneUnknownEpoch_LeavesTheRunUnknown() => Assert.Equal(RunEnergy.Unknown, RunEnergy.Of([Epoch(2.5, "rapl"), Epoch(null, "unknown"), Epoch(1, "rapl")]));

    [Fact]
    public void UnlikeSources_AreNotSummed() => Assert.Equal(RunEnergy.Unknown, RunEnergy.Of([Epoch(2.5, "nvml-power"), Epoch(1, "nvml")]));

    [Fact]
    public void NoEpoch_NoEnergy() => Assert.Equal(new RunEnergy(null, "unknown"), RunEnergy.Of(Array.Empty<AccuracyRow>()));

    private static AccuracyRow Epoch(double? joules, string source) => Examples.Accuracy(1) with { EnergyJ = joules, EnergySource = source };
}
