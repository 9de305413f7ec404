using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Results;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Images.Formats;

public class CifarFilesTests
{
    [Fact]
    public void Training_HasTheFilesInOrder_AndTheirRecordsInOrder()
    {
        using var folder = new CifarFolder().With("data_batch_2.bin", 7, 0).With("data_batch_1.bin", 3, 9, 1);
        using var data = folder.Training();

        Assert.Equal("cifar10", data.Name);
        Assert.Equal(10, data.Classes);
        Assert.Equal(32, data.SizePx);
        Assert.Equal([3, 9, 1, 7, 0], data.Labels.data<long>().ToArray());
    }

    [Fact]
    public void Pixels_AreRedGreenAndBluePlanes_RowsFirst()
    {
        using var folder = new CifarFolder().With("data_batch_1.bin", 4, 2);
        using var data = folder.Training();

        Assert.Equal([2, 3, 32, 32], data.Images.shape);
        foreach (var (image, label) in new[] { (0, 4), (1, 2) })
            foreach (var (channel, row, column) in new[] { (0, 0, 0), (0, 0, 31), (0, 31, 0), (1, 5, 17), (2, 31, 31) })
            {
                using var pixel = data.Images[image, channel, row, column];
                Assert.Equal(CifarFolder.Pixel(label, channel, row, column), pixel.item<byte>());
            }
    }

    [Fact]
    public void Test_IsTestBatch()
    {
        using var folder = new CifarFolder().With("data_batch_1.bin", 1).With("test_batch.bin", 8, 6);
        using var data = folder.Test();

        Assert.Equal([8, 6], data.Labels.data<long>().ToArray());
    }

    [Fact]
    public void FolderAbove_IsAsGood()
    {
        using var folder = new CifarFolder().With("cifar-10-batches-bin/data_batch_1.bin", 5).With("cifar-10-batches-bin/test_batch.bin", 6);
        using var training = folder.Training();
        using var test = folder.Test();

        Assert.Equal(1, training.Count);
        Assert.Equal(1, test.Count);
    }

    [Fact]
    public void ContentHash_IsOfWhatIsLoaded()
    {
        using var folder = new CifarFolder().With("data_batch_1.bin", 3, 9).With("data_batch_2.bin", 1).With("test_batch.bin", 3, 9);
        using var all = folder.Training();
        using var first = folder.Training(limit: 2);
        using var test = folder.Test();

        Assert.NotEqual(all.ContentHash, first.ContentHash);
        Assert.Equal(first.ContentHash, test.ContentHash);
    }

    [Theory]
    [InlineData(1, new long[] { 3 })]
    [InlineData(4, new long[] { 3, 9, 1, 7 })]
    [InlineData(5, new long[] { 3, 9, 1, 7, 0 })]
    [InlineData(1000, new long[] { 3, 9, 1, 7, 0 })]
    public void Limit_TakesTheFirstImages_AcrossFiles(int limit, long[] labels)
    {
        using var folder = new CifarFolder().With("data_batch_1.bin", 3, 9, 1).With("data_batch_2.bin", 7, 0);
        using var data = folder.Training(limit);

        Assert.Equal(labels, data.Labels.data<long>().ToArray());
    }

    [Fact]
    public void Limit_ReadsNoFurtherRecord()
    {
        // The label of the third record is out of range: whoever read it would refuse the file.
        using var folder = new CifarFolder().With("data_batch_1.bin", 3, 9, 200);
        using var data = folder.Training(limit: 2);

        Assert.Equal(2, data.Count);
    }

    [Fact]
    public void Limit_BelowOne_IsTheCallersMistake()
    {
        using var folder = new CifarFolder().With("data_batch_1.bin", 3);
        Assert.Throws<ArgumentOutOfRangeException>("limit", () => folder.Training(limit: 0));
    }

    [Fact]
    public void Loading_LeavesOnlyTheSetBehind()
    {
        using var folder = new CifarFolder().With("data_batch_1.bin", 3, 9).With("data_batch_2.bin", 1);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (folder.Training())
            Assert.Equal(before + 2, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void MissingFolder_IsNamed_WithWhatIsExpected()
    {
        using var temporary = new Temporary();
        var missing = temporary.PathOf("nowhere");
        foreach (var load in new Func<ImageDataSet>[] { () => CifarFiles.LoadTraining(missing, torch.CPU), () => CifarFiles.LoadTest(missing, torch.CPU) })
        {
            var message = Assert.Throws<UserErrorException>(load).Message;
            Assert.Equal($"The data folder '{missing}' does not exist. {Expected}", message);
        }
    }

    [Fact]
    public void NoTrainingFile_IsNamed_WithWhatIsExpected()
    {
        using var folder = new CifarFolder().With("test_batch.bin", 1);
        Assert.Equal($"No CIFAR-10 training file in '{folder.Folder}': data_batch_1.bin is missing. {Expected}", folder.TrainingError());
    }

    [Fact]
    public void NoTestFile_IsNamed_WithWhatIsExpected()
    {
        using var folder = new CifarFolder().With("data_batch_1.bin", 1);
        Assert.Equal($"No CIFAR-10 test file: '{folder.PathOf("test_batch.bin")}' does not exist. {Expected}", folder.TestError());
    }

    [Fact]
    public void GapInTheBatches_NamesEveryMissingFile()
    {
        using var folder = new CifarFolder().With("data_batch_2.bin", 1).With("data_batch_5.bin", 1);
        Assert.Equal(
            $"CIFAR-10 in '{folder.Folder}' is incomplete: data_batch_5.bin is there, data_batch_1.bin, data_batch_3.bin, data_batch_4.bin missing. {Expected}",
            folder.TrainingError());
    }

    internal const string Expected =
        "Let the data directory be the folder of the unpacked binary version (cifar-10-batches-bin with data_batch_1.bin to data_batch_5.bin and test_batch.bin).";
}
