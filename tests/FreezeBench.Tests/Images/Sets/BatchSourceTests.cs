using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Images.Sets;

public class BatchSourceTests
{
    [Theory]
    [InlineData(11, 3, new[] { 3, 3, 3, 2 })]
    // One left alone joins the batch before it.
    [InlineData(10, 3, new[] { 3, 3, 4 })]
    [InlineData(17, 16, new[] { 17 })]
    [InlineData(3, 1, new[] { 1, 1, 1 })]
    [InlineData(3, 2, new[] { 3 })]
    [InlineData(9, 3, new[] { 3, 3, 3 })]
    [InlineData(2, 5, new[] { 2 })]
    [InlineData(1, 1, new[] { 1 })]
    public void Epoch_SeesEveryImageOnce_TheLastBatchMayBeSmaller(int count, int batchSize, int[] sizes)
    {
        using var source = Numbers(count, batchSize);
        Assert.Equal(sizes.Length, source.StepsPerEpoch);
        Assert.Equal(sizes, BatchesOf(source).Select(batch => batch.Length));
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), BatchesOf(source).SelectMany(batch => batch));

        source.Shuffle(seed: 1, epoch: 0);

        Assert.Equal(sizes, BatchesOf(source).Select(batch => batch.Length));
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), BatchesOf(source).SelectMany(batch => batch).Order());
    }

    [Fact]
    public void Inputs_StayWithTheirLabels()
    {
        using var source = Numbers(40, batchSize: 7);
        source.Shuffle(seed: 1, epoch: 0);
        for (var step = 0; step < source.StepsPerEpoch; step++)
        {
            var (inputs, labels) = source.Load(step);
            using (inputs)
            using (labels)
                Assert.Equal(labels.data<long>().ToArray(), inputs.data<float>().ToArray().Select(value => (long)value));
        }
    }

    [Fact]
    public void EveryRunAndEpoch_HasAnOrderOfItsOwn()
    {
        // Among them run 2's first epoch and run 1's second, which seed + epoch would make the same.
        using var source = Numbers(50, batchSize: 50);
        HashSet<string> orders = [];
        for (var seed = 0; seed < 12; seed++)
            for (var epoch = 0; epoch < 12; epoch++)
                Assert.True(orders.Add(string.Join(' ', OrderOf(source, seed, epoch))), $"Seed {seed}, epoch {epoch} repeats the order of another.");
    }

    [Fact]
    public void Order_DependsOnSeedAndEpochAlone()
    {
        using var fresh = Numbers(50, batchSize: 8);
        var expected = OrderOf(fresh, seed: 3, epoch: 4);

        using var used = Numbers(50, batchSize: 8);
        for (var epoch = 0; epoch < 4; epoch++)
            OrderOf(used, seed: 3, epoch);
        manual_seed(99);

        Assert.Equal(expected, OrderOf(used, seed: 3, epoch: 4));
        Assert.Equal(expected, OrderOf(used, seed: 3, epoch: 4));
    }

    [Fact]
    public void Order_IsTheSame_ForImagesAndForFeatures_AndForEveryBatchSize()
    {
        using var data = SyntheticImages.Create(30, 4, 30, seed: 1, CPU);
        using var transform = new ImageTransform(4, MemoryFormat.Contiguous, CPU);
        using var images = new ImageBatches(data, transform, batchSize: 7);
        using var features = Numbers(30, batchSize: 11);

        Assert.Equal(OrderOf(images, seed: 1, epoch: 2), OrderOf(features, seed: 1, epoch: 2));
    }

    [Fact]
    public void TheGlobalGenerator_IsNotTouchedByAShuffle()
    {
        using var source = Numbers(10, batchSize: 2);
        manual_seed(5);
        using var expected = rand(4);
        manual_seed(5);
        source.Shuffle(seed: 1, epoch: 0);
        using var actual = rand(4);

        Assert.Equal(expected.data<float>().ToArray(), actual.data<float>().ToArray());
    }

    [Fact]
    public void ImageBatches_AreTheTransformedImages_ShuffledOrNot()
    {
        using var data = SyntheticImages.Create(6, 8, 6, seed: 1, CPU);
        using var transform = new ImageTransform(5, MemoryFormat.ChannelsLast, CPU);
        using var all = transform.Apply(data.Images);
        using var source = new ImageBatches(data, transform, batchSize: 4);
        foreach (var shuffled in new[] { false, true })
        {
            if (shuffled)
                source.Shuffle(seed: 1, epoch: 0);
            for (var step = 0; step < 2; step++)
            {
                var (inputs, labels) = source.Load(step);
                using var expected = all.index_select(0, labels); // image i has label i
                Assert.True(expected.Equals(inputs));
                inputs.Dispose();
                labels.Dispose();
            }
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void StepOutsideTheEpoch_IsTheCallersMistake(int step)
    {
        using var source = Numbers(10, batchSize: 3);
        Assert.Throws<ArgumentOutOfRangeException>(nameof(step), () => source.Load(step));
    }

    /// <summary>Features whose value is their number, and so is their label.</summary>
    private static FeatureBatches Numbers(int count, int batchSize) =>
        new(arange(count, ScalarType.Float32).reshape(-1, 1), arange(count, ScalarType.Int64), batchSize);

    private static long[] OrderOf(BatchSource source, long seed, int epoch)
    {
        source.Shuffle(seed, epoch);
        return [.. BatchesOf(source).SelectMany(batch => batch)];
    }

    private static List<long[]> BatchesOf(BatchSource source)
    {
        List<long[]> batches = [];
        for (var step = 0; step < source.StepsPerEpoch; step++)
        {
            var (inputs, labels) = source.Load(step);
            batches.Add(labels.data<long>().ToArray());
            inputs.Dispose();
            labels.Dispose();
        }
        return batches;
    }
}
