using FreezeBench.Images.Formats;
using FreezeBench.Tests.Images.Formats;
using Xunit;

namespace FreezeBench.Tests.Images;

/// <summary>Files that are there and are not what they should be: the message names the file and what to do.</summary>
public class CifarDamageTests
{
    [Theory]
    [InlineData(CifarFolder.RecordBytes - 1)]
    [InlineData(CifarFolder.RecordBytes + 1)]
    [InlineData((5 * CifarFolder.RecordBytes) - 1)]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(2 * 3074)] // CIFAR-100's records have two labels.
    public void OddSize_IsRefused(int length)
    {
        using var folder = new CifarFolder().WithBytes("data_batch_1.bin", new byte[length]);
        Assert.Equal(
            $"'{folder.PathOf("data_batch_1.bin")}' is {length} bytes, which is not a whole number of CIFAR-10 records of 3073 bytes: "
            + "truncated or another format. Fetch or unpack it again.",
            folder.TrainingError());
    }

    [Fact]
    public void OddSizeOfALaterFile_IsRefused_EvenWhereTheLimitEndsBeforeIt()
    {
        using var folder = new CifarFolder().With("data_batch_1.bin", 1, 2).WithBytes("data_batch_2.bin", new byte[100]);
        Assert.StartsWith($"'{folder.PathOf("data_batch_2.bin")}' is 100 bytes", folder.TrainingError(limit: 1), StringComparison.Ordinal);
    }

    [Fact]
    public void TruncatedTestFile_IsRefused()
    {
        using var folder = new CifarFolder().WithBytes("test_batch.bin", new byte[3000]);
        Assert.StartsWith($"'{folder.PathOf("test_batch.bin")}' is 3000 bytes", folder.TestError(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(255)]
    public void LabelAboveNine_NamesFileAndRecord(int label)
    {
        using var folder = new CifarFolder().With("data_batch_1.bin", 9, 0).With("data_batch_2.bin", 3, label);
        Assert.Equal(
            $"'{folder.PathOf("data_batch_2.bin")}', record 1: label {label}; CIFAR-10 has 0 to 9. "
            + "The file is damaged or of another format (CIFAR-100 is not this one). Fetch or unpack it again.",
            folder.TrainingError());
    }

    [Fact]
    public void FileInUse_IsNamed_WithWhatToCheck()
    {
        using var folder = new CifarFolder().With("data_batch_1.bin", 1);
        // Held by another, not made unreadable by its mode: who runs as root may read every mode.
        using var held = new FileStream(folder.PathOf("data_batch_1.bin"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var message = folder.TrainingError();

        Assert.StartsWith($"'{folder.PathOf("data_batch_1.bin")}' cannot be read: ", message, StringComparison.Ordinal);
        Assert.EndsWith(". Check that it may be read and that no other program writes to it.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void LinkToNowhere_IsAFileThatCannotBeRead()
    {
        using var folder = new CifarFolder();
        if (!CanLink(folder.PathOf("data_batch_1.bin"), folder.PathOf("gone.bin")))
            Assert.Skip("This user may not make symbolic links.");

        Assert.StartsWith($"'{folder.PathOf("data_batch_1.bin")}' cannot be read: ", folder.TrainingError(), StringComparison.Ordinal);
    }

    [Fact]
    public void FileWhereTheFolderShouldBe_IsRefused()
    {
        using var folder = new CifarFolder().With("data_batch_1.bin", 1);
        var file = folder.PathOf("data_batch_1.bin");
        var message = Assert.Throws<Results.UserErrorException>(() => CifarFiles.LoadTraining(file, TorchSharp.torch.CPU)).Message;
        Assert.Equal($"The data folder '{file}' is a file. {CifarFilesTests.Expected}", message);
    }

    private static bool CanLink(string link, string target)
    {
        try
        {
            File.CreateSymbolicLink(link, target);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
