using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Images;

/// <summary>Who disposes what: batches belong to who loads them, features to their source, labels and images to the set.</summary>
public class BatchOwnershipTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_LeavesTwoTensors_AndDisposingThemHurtsNoSource(bool shuffled)
    {
        using var data = SyntheticImages.Create(6, 4, 2, seed: 1, CPU);
        using var transform = new ImageTransform(4, MemoryFormat.Contiguous, CPU);
        using var images = new ImageBatches(data, transform, batchSize: 6);
        using var features = new FeatureBatches(rand(6, 3), data.Labels, batchSize: 6);
        foreach (var source in new BatchSource[] { images, features })
        {
            if (shuffled)
                source.Shuffle(seed: 1, epoch: 0);
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            var first = Take(source.Load(0));
            Assert.Equal(first, Take(source.Load(0)));
            Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ChangingABatch_DoesNotChangeItsSource(bool shuffled)
    {
        using var data = SyntheticImages.Create(6, 4, 2, seed: 1, CPU);
        using var transform = new ImageTransform(4, MemoryFormat.Contiguous, CPU);
        using var images = new ImageBatches(data, transform, batchSize: 6);
        using var features = new FeatureBatches(rand(6, 3), data.Labels, batchSize: 6);
        foreach (var source in new BatchSource[] { images, features })
        {
            if (shuffled)
                source.Shuffle(seed: 1, epoch: 0);
            var before = Take(source.Load(0));
            using (NewDisposeScope())
            {
                var (inputs, labels) = source.Load(0);
                inputs.zero_();
                labels.zero_();
            }
            Assert.Equal(before, Take(source.Load(0)));
        }
    }

    [Fact]
    public void FeatureBatches_OwnTheirFeatures_AndNotTheLabels()
    {
        using var labels = arange(4, ScalarType.Int64);
        Tensor features;
        FeatureBatches source;
        using (NewDisposeScope())
        {
            features = rand(4, 3);
            source = new FeatureBatches(features, labels, batchSize: 2);
        }
        Assert.False(features.IsInvalid, "The scope that the features were made in has disposed them.");

        source.Shuffle(seed: 1, epoch: 0);
        source.Dispose();

        Assert.True(features.IsInvalid);
        Assert.False(labels.IsInvalid);
    }

    [Fact]
    public void ImageBatches_OwnNeitherImagesNorTransform()
    {
        using var data = SyntheticImages.Create(4, 4, 2, seed: 1, CPU);
        using var transform = new ImageTransform(4, MemoryFormat.Contiguous, CPU);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var source = new ImageBatches(data, transform, batchSize: 2);
        source.Shuffle(seed: 1, epoch: 0);
        source.Shuffle(seed: 1, epoch: 1);
        source.Dispose();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        transform.Apply(data.Images).Dispose();
    }

    [Fact]
    public void ShuffleInsideAScope_OutlivesIt()
    {
        using var data = SyntheticImages.Create(4, 4, 2, seed: 1, CPU);
        using var transform = new ImageTransform(4, MemoryFormat.Contiguous, CPU);
        using var source = new ImageBatches(data, transform, batchSize: 2);
        using (NewDisposeScope())
            source.Shuffle(seed: 1, epoch: 0);

        Assert.NotEmpty(Take(source.Load(0)));
    }

    private static float[] Take(Batch batch)
    {
        using (batch.Inputs)
        using (batch.Labels)
            return [.. batch.Inputs.data<float>().ToArray(), .. batch.Labels.data<long>().ToArray().Select(label => (float)label)];
    }
}
