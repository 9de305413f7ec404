using System.Diagnostics;
using FreezeBench.Freezing;
using FreezeBench.Measurement;
using FreezeBench.Tests.Training;
using FreezeBench.Torch.Hardware;
using FreezeBench.Training;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Measurement;

public class PhaseRecorderTests
{
    private readonly PhaseRecorder recorder = new(new DeviceClock(torch.CPU));

    [Fact]
    public void Phases_AddUpToAtMostTheTimeAroundTheStep()
    {
        using var data = TinyTraining.TinyImages();
        using var trainer = TinyTraining.Ready(data, FreezingPolicy.FineTune);
        for (var step = 0; step < 5; step++)
        {
            var start = Stopwatch.GetTimestamp();
            trainer.Step(0, recorder);
            var around = Stopwatch.GetElapsedTime(start);

            Assert.All(StepPhases.All, phase => Assert.True(recorder.LastMs(phase) >= 0));
            Assert.True(recorder.LastMs(StepPhase.Forward) > 0);
            Assert.True(recorder.LastMs(StepPhase.Backward) > 0);
            // A tick of 100 ns more for each rounding of TimeSpan.
            Assert.InRange(StepPhases.All.Sum(recorder.LastMs), 0, around.TotalMilliseconds + 1e-4);
        }
    }

    [Fact]
    public void Phases_ShareNoTime_AndMissNone()
    {
        var start = Stopwatch.GetTimestamp();
        recorder.StepBegins();
        var begun = Stopwatch.GetTimestamp();
        recorder.PhaseEnds(StepPhase.Data);
        recorder.PhaseEnds(StepPhase.ZeroGrad);
        var beforeLast = Stopwatch.GetTimestamp();
        recorder.PhaseEnds(StepPhase.Forward);
        var end = Stopwatch.GetTimestamp();

        var sum = recorder.LastMs(StepPhase.Data) + recorder.LastMs(StepPhase.ZeroGrad) + recorder.LastMs(StepPhase.Forward);
        var least = Stopwatch.GetElapsedTime(begun, beforeLast).TotalMilliseconds;
        var most = Stopwatch.GetElapsedTime(start, end).TotalMilliseconds;
        // A microsecond for the rounding of TimeSpan.
        Assert.InRange(sum, least - 1e-3, most + 1e-3);
    }

    [Fact]
    public void PhaseThatDidNotHappen_TookNoTime()
    {
        recorder.StepBegins();
        recorder.PhaseEnds(StepPhase.Data);
        Assert.Equal(0, recorder.LastMs(StepPhase.Optimizer));
    }

    [Fact]
    public void NextStep_ForgetsTheOneBefore()
    {
        recorder.StepBegins();
        Spin(TimeSpan.FromMilliseconds(1));
        recorder.PhaseEnds(StepPhase.Loss);
        Assert.True(recorder.LastMs(StepPhase.Loss) >= 1);

        recorder.StepBegins();
        Assert.Equal(0, recorder.LastMs(StepPhase.Loss));
    }

    [Fact]
    public void PhaseReportedTwice_IsAddedUp()
    {
        recorder.StepBegins();
        Spin(TimeSpan.FromMilliseconds(1));
        recorder.PhaseEnds(StepPhase.Loss);
        var first = recorder.LastMs(StepPhase.Loss);
        Spin(TimeSpan.FromMilliseconds(1));
        recorder.PhaseEnds(StepPhase.Loss);

        Assert.True(recorder.LastMs(StepPhase.Loss) >= first + 0.999, "The second report replaced the first.");
    }

    // By the same clock that the recorder reads, so that the time is there for certain on a machine of any speed.
    private static void Spin(TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
            ;
    }
}
