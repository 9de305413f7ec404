using System.Diagnostics;
using FreezeBench.Benchmarks.Layers;
using FreezeBench.Torch.Loading;
using FreezeBench.Training;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Layers;

public class OverheadClockTests
{
    [Fact]
    public void WhatLibtorchDoesInItsLargeCalls_IsLeftOut_AndAnEmptyCallAddedForEach()
    {
        var (time, ms) = (0L, Stopwatch.Frequency / 1000);
        var clock = new OverheadClock(emptyCallTicks: ms / 4.0, emptyFunctionTicks: ms / 8.0, () => time);
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
    public void WhatLibtorchCallsBackFor_CountsAsOurs_WithAnEmptyFunctionForEachWayBack()
    {
        var (time, ms) = (0L, Stopwatch.Frequency / 1000);
        var clock = new OverheadClock(emptyCallTicks: ms / 4.0, emptyFunctionTicks: ms / 8.0, () => time);
        clock.StepBegins();
        clock.ForwardBegins("conv1");
        time += 100 * ms;
        clock.WorkEnds();           // in the layer, ours
        time += 1 * ms;
        clock.WorkBegins();
        time += 100 * ms;
        clock.ForwardEnds("conv1");
        clock.PhaseEnds(StepPhase.Loss);
        time += 1000 * ms;
        clock.WorkEnds(calledBack: true);
        time += 2 * ms;             // ours, in the backward pass
        clock.WorkBegins();
        time += 1000 * ms;          // a product
        clock.WorkEnds();
        time += 4 * ms;
        clock.WorkBegins();
        time += 1000 * ms;
        clock.PhaseEnds(StepPhase.Backward);
        time += 8 * ms;             // between two of the optimizer's operations
        clock.WorkBegins();
        time += 100 * ms;
        clock.WorkEnds();
        clock.PhaseEnds(StepPhase.Optimizer);

        Assert.Equal(1 + 2 + 4 + 8 + (6 / 4.0) + (1 / 8.0), clock.LastMs, 1e-9);
    }

    [Fact]
    public void EmptyCall_TakesTime()
    {
        TorchLibrary.Load();

        Assert.True(OverheadClock.EmptyCallTicks() > 0);
    }

    [Fact]
    public void EmptyFunction_CostsMoreThanAnEmptyCall_SinceItComesBackToUs()
    {
        TorchLibrary.Load();

        Assert.True(OverheadClock.EmptyFunctionTicks() > OverheadClock.EmptyCallTicks());
    }
}
