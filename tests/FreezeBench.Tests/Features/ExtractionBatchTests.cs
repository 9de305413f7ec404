using FreezeBench.Features;
using FreezeBench.Freezing;
using FreezeBench.Images.Formats;
using FreezeBench.Kernels;
using FreezeBench.Optimizing;
using FreezeBench.Tests.Networks;
using FreezeBench.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Features;

public class ExtractionBatchTests
{
    [Theory]
    [InlineData(64, 32, DeviceType.CPU, 256)]
    [InlineData(512, 32, DeviceType.CPU, 512)]
    [InlineData(32, 64, DeviceType.CPU, 64)]
    [InlineData(8, 128, DeviceType.CPU, 16)]
    [InlineData(1, 224, DeviceType.CPU, 4)]
    [InlineData(32, 224, DeviceType.CPU, 32)]
    [InlineData(3, 1024, DeviceType.CPU, 3)]
    [InlineData(1, 1, DeviceType.CPU, 1 << 18)]
    [InlineData(64, 32, DeviceType.CUDA, 64)]
    public void Size_IsNeverBelowTheTrainings_AndHasEnoughPixelsOnTheCpu(int training, int resolution, DeviceType device, int expected) =>
        Assert.Equal(expected, ExtractionBatch.Size(training, resolution, device));

    [Fact]
    public void Extraction_TakesItsOwnSize_AndStepsKeepTheirs()
    {
        using var data = SyntheticImages.Create(20, 16, classes: 2, seed: 1, CPU);
        using var trainer = new Trainer(
            Thin.Shape(), FreezingPolicy.Parse("frozen-cached"), data, 16, MemoryFormat.ChannelsLast, new TrainingOptions { BatchSize = 4 });
        using var scope = NewDisposeScope();

        Assert.Equal((5, 1), (trainer.StepsPerEpoch, trainer.StepsPerExtraction));
        Assert.Equal(4, trainer.LoadImages().Inputs.shape[0]);
        Assert.Equal(20, trainer.LoadImagesOfExtraction().Inputs.shape[0]);
        trainer.ExtractFeatures();
        trainer.Shuffle(0);
        Assert.Equal(20, trainer.TrainEpoch(0).Training.Count);
    }
}
