using System.Diagnostics;
using FreezeBench.Benchmarks.Layers;
using FreezeBench.Training;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Layers;

public class LayerClockTests
{
    // A clock that goes on by 1 ms, 2 ms, 3 ms ... from event to event: every part of the step has a time of its own.
    private static LayerClock Clock()
    {
        var (readings, time) = (0L, 0L);
        return new LayerClock(() => time += readings++ * (Stopwatch.Frequency / 1000));
    }

    private static void Layer(string name, Action<string> begins, Action<string> ends)
    {
        begins(name);
        ends(name);
    }

    [Fact]
    public void EveryPartOfAStep_HasItsTime_AndNothingIsLeftOver()
    {
        var clock = Clock();
        clock.StepBegins();
        clock.PhaseEnds(StepPhase.Data);                                                            // 1
        clock.PhaseEnds(StepPhase.ZeroGrad);                                                        // 2
        Layer("conv1", clock.ForwardBegins, clock.ForwardEnds);                                     // 3, 4
        Layer("layer1.0.conv1", clock.ForwardBegins, clock.ForwardEnds);                            // 5, 6
        Layer("layer1.0.downsample.0", clock.ForwardBegins, clock.ForwardEnds);                     // 7, 8
        Layer("fc", clock.ForwardBegins, clock.ForwardEnds);                                        // 9, 10
        clock.PhaseEnds(StepPhase.Forward);                                                         // 11
        clock.PhaseEnds(StepPhase.Loss);                                                            // 12
        Layer("fc", clock.BackwardBegins, clock.BackwardEnds);                                      // 13, 14
        Layer("layer1.0.downsample.0", clock.BackwardBegins, clock.BackwardEnds);                   // 15, 16
        Layer("layer1.0.conv1", clock.BackwardBegins, clock.BackwardEnds);                          // 17, 18
        clock.BackwardBegins("conv1");                                                              // 19; images want no gradient: no end
        clock.PhaseEnds(StepPhase.Backward);                                                        // 20
        clock.PhaseEnds(StepPhase.Optimizer);                                                       // 21

        Assert.Equal(
            [
                (StepPhase.Data, "all", 1.0), (StepPhase.ZeroGrad, "all", 2.0), (StepPhase.Forward, "stem (rest)", 3.0 + 5.0), (StepPhase.Forward, "conv1", 4.0),
                (StepPhase.Forward, "layer1.0.conv1", 6.0), (StepPhase.Forward, "layer1.0 (rest)", 7.0 + 9.0), (StepPhase.Forward, "layer1.0.downsample.0", 8.0),
                (StepPhase.Forward, "fc", 10.0), (StepPhase.Forward, "head (rest)", 11.0), (StepPhase.Loss, "all", 12.0), (StepPhase.Backward, "loss", 13.0),
                (StepPhase.Backward, "fc", 14.0), (StepPhase.Backward, "layer1.0 (rest)", 15.0 + 17.0), (StepPhase.Backward, "layer1.0.downsample.0", 16.0),
                (StepPhase.Backward, "layer1.0.conv1", 18.0), (StepPhase.Backward, "stem (rest)", 19.0), (StepPhase.Backward, "conv1", 20.0), (StepPhase.Optimizer, "all", 21.0),
            ],
            clock.Times);
    }

    [Fact]
    public void LayerWithoutAnEnd_LastsUntilTheNextBegins()
    {
        var clock = Clock();
        clock.StepBegins();
        foreach (var phase in StepPhases.All.Where(phase => phase < StepPhase.Backward))
            clock.PhaseEnds(phase);                                                                 // 1 to 4
        clock.BackwardBegins("layer2.0.downsample.0");                                              // 5
        clock.BackwardBegins("layer2.0.conv2");                                                     // 6
        clock.PhaseEnds(StepPhase.Backward);                                                        // 7

        Assert.Equal(
            [(StepPhase.Backward, "loss", 5.0), (StepPhase.Backward, "layer2.0.downsample.0", 6.0), (StepPhase.Backward, "layer2.0.conv2", 7.0)],
            clock.Times.Where(time => time.Phase == StepPhase.Backward));
    }

    [Fact]
    public void NextStep_BeginsAnew()
    {
        var clock = Clock();
        clock.StepBegins();
        clock.PhaseEnds(StepPhase.Data);
        clock.StepBegins();

        Assert.Empty(clock.Times);
    }
}
