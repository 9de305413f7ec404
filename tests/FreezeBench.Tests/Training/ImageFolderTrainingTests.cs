using FreezeBench.Freezing;
using FreezeBench.Images.Decoding;
using FreezeBench.Images.Folders;
using FreezeBench.Kernels;
using FreezeBench.Optimizing;
using FreezeBench.Results;
using FreezeBench.Tests.Images;
using FreezeBench.Training;
using TorchSharp;
using Xunit;
using static FreezeBench.Tests.Training.TinyTraining;

namespace FreezeBench.Tests.Training;

/// <summary>Training on images of any size from files, and with augmentation.</summary>
public class ImageFolderTrainingTests
{
    private const string DataVariable = "FREEZEBENCH_DATA";

    public static TheoryData<string> EveryPolicy => Policies;

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void EveryPolicy_TrainsOnAFolder_AndLeavesNothingBehind(string policy)
    {
        using var folder = PictureFolder.AntsAndBees(each: 5);
        var before = LiveTensors;
        using (var sets = folder.Load())
        using (var trainer = OnFolder(sets, FreezingPolicy.Parse(policy), Augmentation.None))
        {
            if (trainer.NeedsFeatures)
                trainer.ExtractFeatures();
            Assert.True(double.IsFinite(trainer.TrainEpoch(0).Training.MeanLoss));
            Assert.Equal(2, trainer.Evaluate(sets.Test).Count);
            var during = LiveTensors;
            trainer.TrainEpoch(1);
            trainer.Evaluate(sets.Test);
            Assert.Equal(during, LiveTensors);
        }
        Assert.Equal(before, LiveTensors);
    }

    [Fact]
    public void SameSeed_GivesTheSameWeights_WithAugmentation_WhateverTheWorkers()
    {
        using var folder = PictureFolder.AntsAndBees(each: 5);
        Assert.Equal(Bits(folder, workers: 1, Augmentation.CropFlip), Bits(folder, workers: 4, Augmentation.CropFlip));
        Assert.NotEqual(Bits(folder, workers: 1, Augmentation.CropFlip), Bits(folder, workers: 1, Augmentation.None));
    }

    [Fact]
    public void CachedFeatures_AreRefusedWithAugmentation()
    {
        using var data = TinyImages();
        var options = new TrainingOptions { Augmentation = Augmentation.Flip };
        var message = Assert.Throws<UserErrorException>(
            () => new Trainer(Tiny, FreezingPolicy.FrozenCached, data, ResolutionPx, MemoryFormat.ChannelsLast, options)).Message;
        Assert.Equal("The augmentation flip does not go with frozen-cached in the policies: it computes every image's features once, so all epochs would see the same draw. "
            + "Pass the augmentation none, or a policy that trains on images, such as frozen.", message);
    }

    [Fact]
    public void Evaluation_IsNotAugmented()
    {
        using var data = TinyImages();
        using var plain = New(data, FreezingPolicy.Frozen);
        using var augmented = new Trainer(Tiny, FreezingPolicy.Frozen, data, ResolutionPx, MemoryFormat.ChannelsLast,
            new TrainingOptions { BatchSize = 4, Augmentation = Augmentation.CropFlip });
        Assert.Equal(plain.Evaluate(data), augmented.Evaluate(data));
        Assert.NotEqual(plain.TrainEpoch(0).Training.MeanLoss, augmented.TrainEpoch(0).Training.MeanLoss);
    }

    [Fact]
    public void RealAntsAndBees_AreRead_AndOneEpochSeesThemAll()
    {
        var data = Environment.GetEnvironmentVariable(DataVariable);
        Assert.SkipWhen(data is null || !Directory.Exists(Path.Combine(data, "hymenoptera_data")), $"{DataVariable} names no folder with hymenoptera_data.");
        using var sets = ImageFolder.Load(Path.Combine(data, "hymenoptera_data"), torch.CPU);
        Assert.Equal((244, 153, 0, 0), (sets.Training.Count, sets.Test.Count, sets.Skipped.Count, sets.IgnoredFiles));
        Assert.Equal(["ants", "bees"], sets.Training.ClassNames);
        Assert.Equal("imagefolder:hymenoptera_data", sets.Training.Name);
        // A thin network at a low resolution: the files are the matter here.
        using var trainer = OnFolder(sets, FreezingPolicy.FineTune, Augmentation.CropFlip, batchSize: 32);
        Assert.Equal(244, trainer.TrainEpoch(0).Training.Count);
        Assert.Equal(153, trainer.Evaluate(sets.Test).Count);
    }

    private static Trainer OnFolder(ImageFolderSets sets, FreezingPolicy policy, Augmentation augmentation, int batchSize = 4) =>
        new(Tiny, policy, sets.Training, ResolutionPx, MemoryFormat.ChannelsLast, new TrainingOptions { BatchSize = batchSize, Augmentation = augmentation });

    private static SortedDictionary<string, string> Bits(PictureFolder folder, int workers, Augmentation augmentation)
    {
        using var sets = folder.Load(workers: workers);
        using var trainer = OnFolder(sets, FreezingPolicy.FineTune, augmentation);
        trainer.TrainEpoch(0);
        trainer.TrainEpoch(1);
        return trainer.Bits();
    }
}
