using System.Diagnostics.CodeAnalysis;
using FreezeBench.Images.Formats;
using FreezeBench.Results;
using FreezeBench.Tests.Archives;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Images.Formats;

public class FashionMnistFilesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void GreyImages_BecomeThreeEqualChannels(bool isPacked)
    {
        using var folder = new FashionFolder().With("train", isPacked, 9, 0, 3).With("t10k", isPacked, 5);
        using var training = FashionMnistFiles.LoadTraining(folder.Folder, torch.CPU);
        using var test = FashionMnistFiles.LoadTest(folder.Folder, torch.CPU);

        Assert.Equal(("fashion-mnist", 10, 28), (training.Name, training.Classes, training.SizePx));
        Assert.Equal([9, 0, 3], training.Labels.data<long>().ToArray());
        Assert.Equal([5], test.Labels.data<long>().ToArray());
        Assert.Equal([3, 3, 28, 28], training.Images.shape);
        foreach (var channel in new[] { 0, 1, 2 })
        {
            using var plane = training.Images[2, channel];
            Assert.Equal(Enumerable.Range(0, 784).Select(place => FashionFolder.Pixel(3, place)), plane.contiguous().data<byte>().ToArray());
        }
        Assert.Equal("Ankle boot", training.ClassNames[9]);
    }

    [Fact]
    public void Loading_LeavesOnlyTheSetBehind()
    {
        using var folder = new FashionFolder().With("train", isPacked: true, 9, 0);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (FashionMnistFiles.LoadTraining(folder.Folder, torch.CPU))
            Assert.Equal(before + 2, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void MissingFile_IsNamed_WithThePackageAndTheOption()
    {
        using var folder = new FashionFolder();
        Assert.Equal($"Fashion-MNIST is not found: neither train-images-idx3-ubyte nor train-images-idx3-ubyte.gz is in '{folder.Folder}'. "
            + "Install the package dataset-fashion-mnist (Debian, Ubuntu; it fills /usr/share/datasets/fashion-mnist), or let the data directory be the folder "
            + "that has train-images-idx3-ubyte, train-labels-idx1-ubyte and the two t10k files, each with or without .gz.", Error(folder));
    }

    public static TheoryData<string, string> Headers { get; } = new()
    {
        { "", "it is cut off" },
        { "000008", "it is cut off" },
        { "0000080300000002", "it is cut off" },
        { "00000d03000000020000001c0000001c", "it begins with 00000d03, an IDX file of these data with 00000803" },
        { "00000801000000020000001c0000001c", "it begins with 00000801, an IDX file of these data with 00000803" },
        { "00000803000000020000001d0000001c", "its header states 29 where 28 is expected" },
        { "00000803000000020000001cffffffff", "its header states 4294967295 where 28 is expected" },
        { "00000803000000000000001c0000001c", "its header states 0 items; the data set has 1 to 60000" },
        { "00000803ffffffff0000001c0000001c", "its header states 4294967295 items; the data set has 1 to 60000" },
        { "000008030000ea610000001c0000001c", "its header states 60001 items; the data set has 1 to 60000" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    [SuppressMessage("Usage", "CA1062", Justification = "The values are in this class.")]
    public void WrongHeader_IsRefused(string header, string reason)
    {
        foreach (var isPacked in new[] { true, false })
        {
            using var folder = new FashionFolder().With("train", isPacked, 1, 2);
            folder.Write("train-images-idx3-ubyte", Convert.FromHexString(header), isPacked);
            Assert.Contains($" is not read: {reason}. Fetch it again.", Error(folder), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void HeaderThatClaimsWhatTheFileCannotHold_IsRefusedBeforeAnyMemoryIsTaken()
    {
        foreach (var (isPacked, reason) in new[] { (true, "the file cannot hold that"), (false, "the file has 16") })
        {
            using var folder = new FashionFolder().With("train", isPacked, 1);
            folder.Write("train-images-idx3-ubyte", FashionFolder.Header(3, 60_000, 28, 28), isPacked);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Contains($"states 60000 items, which take 47040016 bytes; {reason}", Error(folder), StringComparison.Ordinal);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(700)]
    public void DataThatAreCutOff_AreRefused(int missing)
    {
        foreach (var isPacked in new[] { true, false })
        {
            using var folder = new FashionFolder().With("train", isPacked, 1, 2);
            folder.Write("train-images-idx3-ubyte", FashionFolder.TinyImages(1, 2)[..^missing], isPacked);
            Assert.Contains(isPacked ? "is not read: it is cut off." : "the file has ", Error(folder), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(30)]
    public void GzipThatIsCutOff_IsRefused(int missing)
    {
        using var folder = new FashionFolder().With("train", isPacked: true, 1, 2);
        File.WriteAllBytes(folder.PathOf("train-images-idx3-ubyte.gz"), MadeArchive.Gzip(FashionFolder.TinyImages(1, 2))[..^missing]);
        Assert.Contains("cut off", Error(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void DataThatGoOn_AreRefused_HoweverMuchTheyUnpackTo()
    {
        using var folder = new FashionFolder().With("train", isPacked: true, 1, 2);
        folder.Write("train-images-idx3-ubyte", [.. FashionFolder.TinyImages(1, 2), .. new byte[10_000_000]], isPacked: true);
        Assert.Contains("it goes on after the 2 items of its header", Error(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void OtherCounts_NameBothFiles()
    {
        using var folder = new FashionFolder().With("train", isPacked: false, 1, 2);
        folder.Write("train-labels-idx1-ubyte", FashionFolder.Labels(1), isPacked: false);
        Assert.Equal($"'{folder.PathOf("train-images-idx3-ubyte")}' has 2 images, '{folder.PathOf("train-labels-idx1-ubyte")}' 1 labels: "
            + "they do not belong together. Fetch both again.", Error(folder));
    }

    [Fact]
    public void LabelAboveNine_NamesFileAndItem()
    {
        using var folder = new FashionFolder().With("train", isPacked: false, 1, 10);
        Assert.StartsWith($"'{folder.PathOf("train-labels-idx1-ubyte")}', item 1: label 10; Fashion-MNIST has 0 to 9.", Error(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void PackagedFiles_AreWhatPythonReads()
    {
        Assert.SkipUnless(Directory.Exists(FashionMnistFiles.PackageFolder), "The package dataset-fashion-mnist is not installed.");
        using var training = FashionMnistFiles.LoadTraining(null, torch.CPU);
        using var test = FashionMnistFiles.LoadTest(null, torch.CPU);

        Assert.Equal((60_000, 10_000), (training.Count, test.Count));
        Assert.Equal([9, 0, 0, 3], training.Labels.data<long>().Take(4));
        // SHA-256 of labels (int64) and pixels (each plane three times), by gzip, numpy and hashlib.
        Assert.Equal("932a14503ab395d5ea370ba3bd96231dd2ec944a48b5be082f165aa38ad5044f", training.ContentHash);
        Assert.Equal("23576bdf8b18c3cca42cf762402a430e49acf25c83168c59e28acf228e54a8bb", test.ContentHash);
    }

    private static string Error(FashionFolder folder) =>
        Assert.Throws<UserErrorException>(() => FashionMnistFiles.LoadTraining(folder.Folder, torch.CPU)).Message;
}
