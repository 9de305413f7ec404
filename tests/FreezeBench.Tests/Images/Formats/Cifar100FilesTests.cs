using FreezeBench.Images.Formats;
using FreezeBench.Results;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Images.Formats;

public class Cifar100FilesTests
{
    [Fact]
    public void Label_IsTheFineOne_AndPixelsFollowIt()
    {
        using var folder = new CifarFolder();
        folder.WithBytes("train.bin", [.. Record(coarse: 19, fine: 99), .. Record(coarse: 3, fine: 0)]).WithBytes("test.bin", [.. Record(coarse: 0, fine: 42)]);
        using var training = Cifar100Files.LoadTraining(folder.Folder, torch.CPU);
        using var test = Cifar100Files.LoadTest(folder.Folder, torch.CPU);

        Assert.Equal(("cifar100", 100, 32), (training.Name, training.Classes, training.SizePx));
        Assert.Equal([99, 0], training.Labels.data<long>().ToArray());
        Assert.Equal([42], test.Labels.data<long>().ToArray());
        foreach (var (channel, row, column) in new[] { (0, 0, 0), (0, 0, 31), (1, 5, 17), (2, 31, 31) })
        {
            using var pixel = training.Images[0, channel, row, column];
            Assert.Equal(CifarFolder.Pixel(99, channel, row, column), pixel.item<byte>());
        }
    }

    [Fact]
    public void ClassNames_AreTheHundred_InOrder()
    {
        var names = Cifar100Files.Layout.ClassNames;
        Assert.Equal(100, names.Count);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Equal(100, names.Distinct().Count());
        Assert.Equal(("apple", "cattle", "lamp", "worm"), (names[0], names[19], names[40], names[99]));
    }

    [Fact]
    public void FineLabelAbove99_NamesFileAndRecord()
    {
        using var folder = new CifarFolder();
        folder.WithBytes("train.bin", [.. Record(coarse: 0, fine: 1), .. Record(coarse: 0, fine: 100)]);
        Assert.Equal($"'{folder.PathOf("train.bin")}', record 1: label 100; CIFAR-100 has 0 to 99. The file is damaged or of another format "
            + "(CIFAR-10 is not this one). Fetch or unpack it again.", Error(folder.Folder));
    }

    [Theory]
    [InlineData(3073)] // CIFAR-10's record.
    [InlineData(3075)]
    [InlineData(0)]
    public void OddSize_IsRefused(int length)
    {
        using var folder = new CifarFolder();
        folder.WithBytes("train.bin", new byte[length]);
        Assert.Equal($"'{folder.PathOf("train.bin")}' is {length} bytes, which is not a whole number of CIFAR-100 records of 3074 bytes: "
            + "truncated or another format. Fetch or unpack it again.", Error(folder.Folder));
    }

    [Fact]
    public void MissingFile_IsNamed()
    {
        using var folder = new CifarFolder();
        Assert.Equal($"No CIFAR-100 here: '{folder.PathOf("train.bin")}' does not exist. Let the data directory be the folder of the unpacked binary version "
            + "(cifar-100-binary with train.bin and test.bin).", Error(folder.Folder));
    }

    internal static IEnumerable<byte> Record(int coarse, int fine) => CifarFolder.Record(fine).Prepend((byte)coarse);

    private static string Error(string folder) => Assert.Throws<UserErrorException>(() => Cifar100Files.LoadTraining(folder, torch.CPU)).Message;
}
