using System.Runtime.InteropServices;
using FreezeBench.Fitting;
using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Optimizing;
using FreezeBench.Results.Machine;
using FreezeBench.Tests.Training;
using FreezeBench.Training;
using Xunit;

namespace FreezeBench.Tests.Fitting;

public class BatchTrialTests
{
    public static TheoryData<string> EveryPolicy => TinyTraining.Policies;

    public static TheoryData<string> EveryStrategy { get; } = new(TinyTraining.Strategies);

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void LargestHalfThatFits_IsFound_AndNoTensorStays(string policy)
    {
        using var images = TinyTraining.TinyImages(20);
        using var data = new LimitedSet(images, limit: 5);
        var before = TinyTraining.LiveTensors;
        var trial = Trial(data);

        Assert.Equal(4, trial.Find([FreezingPolicy.Parse(policy)], 16, Options));
        Assert.True(trial.AnyFailed);
        Assert.Equal(before, TinyTraining.LiveTensors);
    }

    [Fact]
    public void SizeThatFits_IsTheOneAskedFor()
    {
        using var data = TinyTraining.TinyImages(20);
        var trial = Trial(data);

        Assert.Equal(16, trial.Find([FreezingPolicy.FineTune], 16, Options));
        Assert.False(trial.AnyFailed);
    }

    [Fact]
    public void NothingFits_IsLibtorchsOwnFailure()
    {
        using var images = TinyTraining.TinyImages(20);
        using var data = new LimitedSet(images, limit: 0);

        Assert.Equal(LibtorchFailure.OutOfMemory, Assert.Throws<ExternalException>(() => Trial(data).Find([FreezingPolicy.FineTune], 16, Options)).Message);
    }

    [Fact]
    public void OnTheCpu_WhatTheEstimateRulesOut_IsNotEvenTried()
    {
        using var images = TinyTraining.TinyImages(20);
        // It would fail at 17 and more.
        using var data = new LimitedSet(images, limit: 16);
        var model = new MemoryModel(TinyTraining.Tiny, 3, FreezingPolicy.FineTune, TinyTraining.ResolutionPx, OptimizerKind.Sgd);
        var enoughForFive = (long)(model.PeakBytes(5) / 0.4);
        var trial = Trial(data, new DeviceMemory(enoughForFive, enoughForFive));

        Assert.Equal(4, trial.Find([FreezingPolicy.FineTune], 16, Options));
        Assert.False(trial.AnyFailed);
    }

    [Theory]
    [MemberData(nameof(EveryStrategy))]
    public void RunAfterATrial_LearnsWhatARunAskedForWithTheSmallerSizeLearns(string strategy)
    {
        using var images = TinyTraining.TinyImages(10);
        using var test = TinyTraining.TinyImages(seed: 2);
        var options = TinyRun.Options(images, test, Strategy.Parse(strategy), epochs: 2);
        string Learned(int batchSize)
        {
            using var run = new TrainingRun(options with { BatchSize = batchSize });
            run.Finish();
            return run.WeightsSha256();
        }
        var asked = Learned(4);

        using var limited = new LimitedSet(images, limit: 4);
        var policies = options.Strategy.Phases(2).Select(phase => phase.Policy).ToList();
        var found = Trial(limited).Find(policies, 8, (policy, size) => options.RecipeFor(policy).Options(size, seed: 5, epochs: 1));

        Assert.Equal(4, found);
        Assert.Equal(asked, Learned(found));
        Assert.NotEqual(asked, Learned(8));
    }

    private static BatchTrial Trial(ImageSet data, DeviceMemory? memory = null) =>
        new(TinyTraining.Tiny, data, TinyTraining.ResolutionPx, MemoryFormat.ChannelsLast, memory, "fp32");

    private static TrainingOptions Options(FreezingPolicy policy, int batchSize) => new() { BatchSize = batchSize };
}
