using FreezeBench.Images.Decoding;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Results;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Images.Sets;

public class ImageFileBatchesTests
{
    private const int ResolutionPx = 14; // short side 16

    // Of the images of PictureFolder.AntsAndBees, in stored order.
    private static readonly int[] numbers = [0, 1, 2, 10, 11, 12];

    public static TheoryData<string> Augmentations { get; } = new(Augmentation.All.Select(augmentation => augmentation.Name));

    [Fact]
    public void StoredOrder_GivesEachImage_ResizedAndCutToItsCentre()
    {
        using var folder = PictureFolder.AntsAndBees();
        using var sets = folder.Load();
        using var transform = Transform();
        using var source = sets.Training.Batches(transform, 4, Augmentation.None);
        using var scope = NewDisposeScope();
        var all = cat([source.Load(0).Inputs, source.Load(1).Inputs]);
        foreach (var (row, number) in numbers.Index())
        {
            var (height, width) = (PictureFolder.Height(number), PictureFolder.Width(number));
            var expected = transform.Apply(Picture.Pixels(number, height, width), [Framing.Centre(height, width, ResolutionPx)]);
            Assert.True(Picture.Difference(expected[0], all[row]) <= 1e-5f);
        }
        Assert.Equal(3L * ResolutionPx, all.stride(2)); // channels-last
    }

    [Theory]
    [MemberData(nameof(Augmentations))]
    public void Results_AreTheSameBits_WhateverTheNumberOfWorkers(string augmentation)
    {
        using var folder = PictureFolder.AntsAndBees(each: 9);
        var expected = TwoEpochs(folder, workers: 1, augmentation);
        Assert.Equal(expected, TwoEpochs(folder, workers: 2, augmentation));
        Assert.Equal(expected, TwoEpochs(folder, workers: 7, augmentation));
    }

    [Theory]
    [MemberData(nameof(Augmentations))]
    public void ShuffledOrder_IsThatOfEverySource(string augmentation)
    {
        using var folder = PictureFolder.AntsAndBees(each: 7);
        using var sets = folder.Load();
        using var transform = Transform();
        using var source = sets.Training.Batches(transform, 4, Augmentation.Parse(augmentation));
        using var features = new FeatureBatches(arange(14, ScalarType.Float32).reshape(-1, 1), sets.Training.Labels, 14);
        source.Shuffle(seed: 3, epoch: 2);
        features.Shuffle(seed: 3, epoch: 2);
        using var scope = NewDisposeScope();
        var order = features.Load(0).Inputs.data<float>().ToArray();
        var framer = new Framer(Augmentation.Parse(augmentation), RandomCrop.OfPhotographs, Framing.Centre, ResolutionPx);
        for (var position = 0; position < 14; position++)
        {
            var (inputs, labels) = source.Load(position / 4);
            var index = (int)order[position];
            var number = index < 7 ? index : 10 + index - 7;
            var (height, width) = (PictureFolder.Height(number), PictureFolder.Width(number));
            var expected = transform.Apply(Picture.Pixels(number, height, width), [framer.Frame(height, width, 3, 2, index)]);
            Assert.True(Picture.Difference(expected[0], inputs[position % 4]) <= 1e-5f);
            Assert.Equal(index < 7 ? 0 : 1, labels[position % 4].item<long>());
        }
    }

    [Fact]
    public void AnyStep_MayBeLoaded_AtAnyTime()
    {
        using var folder = PictureFolder.AntsAndBees(each: 6);
        using var sets = folder.Load();
        using var transform = Transform();
        using var source = sets.Training.Batches(transform, 2, Augmentation.None);
        var forward = Enumerable.Range(0, 6).Select(step => Take(source, step)).ToList();
        foreach (var step in new[] { 5, 0, 0, 3, 4, 2, 1, 5 })
            Assert.Equal(forward[step], Take(source, step));
    }

    [Fact]
    public void AFileThatIsNoLongerThere_IsNamedAtItsBatch_AndOthersStillLoad()
    {
        using var folder = PictureFolder.AntsAndBees();
        using var sets = folder.Load();
        using var transform = Transform();
        using var source = sets.Training.Batches(transform, 2, Augmentation.None);
        File.Delete(folder.PathOf("train/ants/002.png"));
        folder.WithImage("train/bees/000.png", 3); // of another size

        Take(source, 0);
        // Both are bad: the first one in the batch's order is told, whichever thread was faster.
        var message = Assert.Throws<UserErrorException>(() => source.Load(1)).Message;
        Assert.StartsWith($"'{folder.PathOf("train/ants/002.png")}' has changed since the folder was read: ", message, StringComparison.Ordinal);
        Take(source, 2);
        folder.WithImage("train/ants/002.png", 2);
        message = Assert.Throws<UserErrorException>(() => source.Load(1)).Message;
        Assert.StartsWith($"'{folder.PathOf("train/bees/000.png")}' has changed since the folder was read: 28 x 41 pixels instead of 30 x 40", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Workers_BeginWithTheFirstBatch_AndEndWithDisposal()
    {
        using var folder = PictureFolder.AntsAndBees();
        using var sets = folder.Load(workers: 3);
        using var transform = Transform();
        var source = sets.Training.Batches(transform, 2, Augmentation.None);
        Assert.Equal(0, source.LiveWorkers);
        Take(source, 0); // batches 1 and 2 are being decoded, or are decoded
        Assert.Equal(3, source.LiveWorkers);
        source.Dispose();
        Assert.Equal(0, source.LiveWorkers);
        source.Dispose();
        Assert.Throws<ObjectDisposedException>(() => source.Load(0));
    }

    [Fact]
    public void Batches_LeaveNoTensorBehind()
    {
        using var folder = PictureFolder.AntsAndBees();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var sets = folder.Load())
        using (var transform = Transform())
        using (var source = sets.Training.Batches(transform, 4, Augmentation.CropFlip))
        {
            source.Shuffle(seed: 1, epoch: 0);
            Take(source, 0);
            Take(source, 1);
            var withAll = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            for (var epoch = 0; epoch < 3; epoch++)
            {
                source.Shuffle(seed: 1, epoch);
                Take(source, 0);
                Take(source, 1);
            }
            Assert.Equal(withAll, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void MemoryOfABatch_IsNotGivenToAnother_WhileItIsStillDecodedInto()
    {
        using var folder = PictureFolder.AntsAndBees(each: 20);
        using var sets = folder.Load(workers: 4);
        using var transform = Transform();
        using var source = sets.Training.Batches(transform, 5, Augmentation.None);
        var expected = Enumerable.Range(0, 8).Select(step => Take(source, step)).ToList();
        // Each jump abandons batches that are being decoded, and begins others in their memory.
        for (var round = 0; round < 40; round++)
            Assert.Equal(expected[round * 5 % 8], Take(source, round * 5 % 8));
    }

    [Fact]
    public void NoMoreBatchesAreBegun_ThanTheSourceMayBeAhead()
    {
        using var folder = PictureFolder.AntsAndBees();
        using var sets = folder.Load();
        var entry = sets.Training.Entries[0];
        List<int> begun = [];
        using var buffers = HostBuffer.Ring([1, ResolutionPx, ResolutionPx, 3], ScalarType.Float32, CPU, atOnce: 3);
        using var ahead = new DecodeAhead(workers: 2, batchesAhead: 2, steps: 5, step =>
        {
            begun.Add(step);
            return new PendingBatch([new FileView(entry, Framing.Centre(entry.Height, entry.Width, ResolutionPx))], ResolutionPx, buffers.Take(), buffer => buffer.ReturnTo(buffers));
        });
        Take(0);
        Assert.Equal([0, 1, 2], begun);
        Take(1);
        Assert.Equal([0, 1, 2, 3], begun);
        Take(4);
        Assert.Equal([0, 1, 2, 3, 4], begun);
        ahead.Restart();
        Assert.Equal([0, 1, 2, 3, 4, 0, 1, 2], begun);
        Take(0);
        Assert.Equal([0, 1, 2, 3, 4, 0, 1, 2], begun);

        void Take(int step)
        {
            using var batch = ahead.Take(step);
            Assert.Equal(1, batch.Count);
        }
    }

    private static ImageTransform Transform() => new(ResolutionPx, MemoryFormat.ChannelsLast, CPU);

    private static List<float[]> TwoEpochs(PictureFolder folder, int workers, string augmentation)
    {
        using var sets = folder.Load(workers: workers);
        using var transform = Transform();
        using var source = sets.Training.Batches(transform, 4, Augmentation.Parse(augmentation));
        List<float[]> batches = [];
        for (var epoch = 0; epoch < 2; epoch++)
        {
            source.Shuffle(seed: 1, epoch);
            for (var step = 0; step < source.StepsPerEpoch; step++)
                batches.Add(Take(source, step));
        }
        return batches;
    }

    private static float[] Take(BatchSource source, int step)
    {
        using var scope = NewDisposeScope();
        var (inputs, labels) = source.Load(step);
        return [.. inputs.contiguous().data<float>().ToArray(), .. labels.data<long>().ToArray().Select(label => (float)label)];
    }
}
