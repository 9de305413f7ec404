using System.Diagnostics;
using FreezeBench.Benchmarks.Profiling;
using FreezeBench.Native;
using FreezeBench.Training;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Profiling;

public class OverheadClockTests
{
    [Fact]
    public void WhatLibtorchDoesInItsLargeCalls_IsLeftOut_AndAnEmptyCallAddedForEach()
    {
        var (time, ms) = (0L, Stopwatch.Frequency / 1000);
        var clock = new OverheadClock(emptyCallTicks: ms / 4.0, () => time);
        clock.StepBegins();
        time += 1 * ms;             // data
        clock.PhaseEnds(StepPhase.Data);
        clock.PhaseEnds(StepPhase.ZeroGrad);
        time += 2 * ms;             // before the layer
        clock.ForwardBegins("conv1");
        time += 100 * ms;           // the layer
        clock.ForwardEnds("conv1");
        clock.PhaseEnds(StepPhase.Forward);
        time += 4 * ms;             // loss
        clock.PhaseEnds(StepPhase.Loss);
        time += 1000 * ms;          // the backward pass
        clock.PhaseEnds(StepPhase.Backward);
        time += 8 * ms;             // optimizer
        clock.PhaseEnds(StepPhase.Optimizer);

        Assert.Equal(1 + 2 + 4 + 8 + (2 / 4.0), clock.LastMs, 1e-9);
    }

    [Fact]
    public void EmptyCall_TakesTime()
    {
        TorchLibrary.Load();

        Assert.True(OverheadClock.EmptyCallTicks() > 0);
    }
}
