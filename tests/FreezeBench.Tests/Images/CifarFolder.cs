using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Results;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Images;

/// <summary>A folder with made-up CIFAR-10 files.</summary>
internal sealed class CifarFolder : IDisposable
{
    internal const int RecordBytes = 3073;

    private readonly Temporary temporary = new();

    internal string Folder => temporary.Folder;

    internal string PathOf(string name) => temporary.PathOf(name);

    public void Dispose() => temporary.Dispose();

    /// <summary>Writes a file of one record for each label; every pixel of a record is <see cref="Pixel"/> of its place.</summary>
    internal CifarFolder With(string name, params int[] labels)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllBytes(PathOf(name), [.. labels.SelectMany(Record)]);
        return this;
    }

    internal CifarFolder WithBytes(string name, byte[] bytes)
    {
        File.WriteAllBytes(PathOf(name), bytes);
        return this;
    }

    internal ImageDataSet Training(int? limit = null) => CifarFiles.LoadTraining(Folder, torch.CPU, limit);

    internal ImageDataSet Test(int? limit = null) => CifarFiles.LoadTest(Folder, torch.CPU, limit);

    internal string TrainingError(int? limit = null) => Assert.Throws<UserErrorException>(() => Training(limit)).Message;

    internal string TestError() => Assert.Throws<UserErrorException>(() => Test()).Message;

    /// <summary>A record as the format has it: the label, then 1024 red, 1024 green and 1024 blue bytes, rows first.</summary>
    internal static IEnumerable<byte> Record(int label) =>
        Enumerable.Range(0, 3 * 1024).Select(place => Pixel(label, place / 1024, place / 32 % 32, place % 32)).Prepend((byte)label);

    /// <summary>Differs between neighbours in every direction, so that no mix-up of axes can go unseen.</summary>
    internal static byte Pixel(int label, int channel, int row, int column) => (byte)((label * 101) + (channel * 67) + (row * 7) + column);
}
