using FreezeBench.Freezing;
using FreezeBench.Kernels.Observing;
using FreezeBench.Training;
using Xunit;

namespace FreezeBench.Tests.Training;

public class WorkObserverTests
{
    // A batch of images: two gathers, to float32, resize, scale, shift, layout. Of features: two gathers.
    private const int LoadingImages = 7;
    private const int LoadingFeatures = 2;

    // Cross-entropy; the loss onto its sum; argmax, comparison, sum of the hits and onto theirs.
    private const int Loss = 6;

    // The head's weight: decay, momentum's two operations, the step; its bias the same, as a list.
    private const int HeadBySgd = 8;

    [Theory]
    [InlineData("frozen", LoadingImages, 2)]
    [InlineData("frozen-cached", LoadingFeatures, 0)]
    public void Step_TellsOfEveryOperation(string policy, int loading, int pools)
    {
        using var data = TinyTraining.TinyImages();
        using var trainer = TinyTraining.Ready(data, FreezingPolicy.Parse(policy));
        trainer.Step(1);        // shuffled, and momentum is there
        var phases = new Phases();
        trainer.Observe(phases);
        trainer.Step(1, phases);

        Assert.Equal(
            [(StepPhase.Data, loading), (StepPhase.ZeroGrad, 0), (StepPhase.Forward, pools), (StepPhase.Loss, Loss), (StepPhase.Backward, 0), (StepPhase.Optimizer, HeadBySgd)],
            phases.Ended);
        trainer.Observe(null);
        trainer.Step(1, NoObserver.Instance);
        Assert.Equal(6, phases.Ended.Count);
        Assert.Equal(0, phases.SinceLastPhase);
    }

    [Fact]
    public void Step_ThatIsTheFirstOfAll_TellsAlready()
    {
        using var data = TinyTraining.TinyImages();
        using var trainer = TinyTraining.New(data, FreezingPolicy.Frozen);
        var phases = new Phases();
        trainer.Observe(phases);
        trainer.Step(0, phases);

        // In stored order pixels need no gather, and the labels' copy is none.
        Assert.Equal((StepPhase.Data, LoadingImages - 2), phases.Ended[0]);
        Assert.Equal((StepPhase.Loss, Loss), phases.Ended[3]);
    }

    [Fact]
    public void WhatIsSeen_CostsNoTensor()
    {
        using var data = TinyTraining.TinyImages();
        using var trainer = TinyTraining.Ready(data, FreezingPolicy.Frozen);
        trainer.Observe(new Phases());
        trainer.Step(1);
        var before = TinyTraining.LiveTensors;
        trainer.Step(1);
        Assert.Equal(before, TinyTraining.LiveTensors);
    }

    /// <summary>Counts operations by phase, and throws where one begins inside another.</summary>
    private sealed class Phases : IWorkObserver, IPhaseObserver
    {
        private bool working;

        internal int SinceLastPhase { get; private set; }

        internal List<(StepPhase Phase, int Operations)> Ended { get; } = [];

        public void WorkBegins()
        {
            Assert.False(working);
            working = true;
        }

        public void WorkEnds(bool calledBack = false)
        {
            Assert.True(working);
            working = false;
            SinceLastPhase++;
        }

        public void StepBegins() => Assert.False(working);

        public void PhaseEnds(StepPhase phase)
        {
            Ended.Add((phase, SinceLastPhase));
            SinceLastPhase = 0;
        }
    }
}
