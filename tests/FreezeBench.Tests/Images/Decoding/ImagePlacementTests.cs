using FreezeBench.Images.Decoding;
using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Tests.Downloads;
using FreezeBench.Tests.Images.Catalog;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Images.Decoding;

public class ImagePlacementTests
{
    [Theory]
    [InlineData(100_000_000, 400_000_000L, true, "")]
    [InlineData(100_000_001, 400_000_000L, false, "The images take 100 MB, more than a quarter of the 400 MB that are free on the GPU: they stay in host memory, and each batch is copied.")]
    [InlineData(100_000_000, null, true, "The driver does not tell how much memory of the GPU is free: the images (100 MB) go there whole, and each batch is gathered there.")]
    public void Images_GoToAGpu_ThatHasRoomForThem(long bytes, long? free, bool onDevice, string said)
    {
        var progress = new RecordingProgress();
        var request = DataSetCatalogTests.Request("cifar10", null) with { Device = new Device(DeviceType.CUDA, 0), FreeDeviceBytes = free, Progress = progress };
        Assert.Equal(onDevice, ImagePlacement.OnDevice(bytes, request));
        Assert.Equal(said is "" ? [] : [said], progress.Lines);
    }

    [Theory]
    [InlineData("none", false)]
    [InlineData("none", true)]
    [InlineData("crop-flip", false)]
    [InlineData("crop-flip", true)]
    public void BatchesThroughABufferOfTheHost_AreTheSame(string augmentation, bool shuffled)
    {
        using var data = SyntheticImages.Create(10, 8, 2, seed: 1, CPU);
        using var transform = new ImageTransform(8, MemoryFormat.ChannelsLast, CPU);
        using var direct = new ImageBatches(data, transform, 4, Augmentation.Parse(augmentation));
        using var copied = new ImageBatches(data, transform, 4, Augmentation.Parse(augmentation), throughHost: true);
        for (var epoch = 0; epoch < 2; epoch++)
        {
            if (shuffled)
            {
                direct.Shuffle(seed: 3, epoch);
                copied.Shuffle(seed: 3, epoch);
            }
            for (var step = 0; step < direct.StepsPerEpoch; step++)
            {
                using var scope = NewDisposeScope();
                var (expected, actual) = (direct.Load(step), copied.Load(step));
                Assert.True(expected.Inputs.Equals(actual.Inputs) && expected.Labels.Equals(actual.Labels));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MovedSet_IsTheSame_AndTheOldOneIsGone(bool withImages)
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var data = SyntheticImages.Create(6, 8, 2, seed: 1, CPU);
        var (hash, pixels) = (data.ContentHash, data.Images.bytes.ToArray());
        using (var moved = data.MovedTo(CPU, withImages))
        {
            Assert.Equal((hash, 6), (moved.ContentHash, moved.Count));
            Assert.Equal(pixels, moved.Images.bytes.ToArray());
            Assert.True(data.Labels.IsInvalid);
        }
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
