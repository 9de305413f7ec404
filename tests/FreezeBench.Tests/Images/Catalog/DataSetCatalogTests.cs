using FreezeBench.Downloads;
using FreezeBench.Images;
using FreezeBench.Images.Catalog;
using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Results;
using FreezeBench.Tests.Archives;
using FreezeBench.Tests.Downloads;
using FreezeBench.Tests.Images.Formats;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Images.Catalog;

public class DataSetCatalogTests
{
    [Fact]
    public void Synthetic_IsTheSameEveryTime()
    {
        var (training, test) = DataSetCatalog.Load(Request("synthetic", null));
        using (training)
        using (test)
        using (var expected = SyntheticImages.Create(512, 32, 10, seed: 2, torch.CPU))
        {
            Assert.Equal((2048, 512, 10, 32), (training.Count, test.Count, training.Classes, training.SizePx));
            Assert.Equal(expected.ContentHash, test.ContentHash);
            Assert.Equal(["class-0", "class-1"], training.ClassNames.Take(2));
        }
    }

    [Fact]
    public void UnknownName_ListsValidNames()
    {
        Assert.Equal("Unknown data set 'mnist'. Valid values: synthetic, cifar10, cifar100, fashion-mnist.", Error(Request("mnist", null)));
        Assert.False(DataSetCatalog.IsValid("mnist"));
        Assert.All(DataSetCatalog.ValidNames.Split(", "), name => Assert.True(DataSetCatalog.IsValid(name)));
    }

    [Fact]
    public void Synthetic_WithAFolder_IsAMistake() => Assert.StartsWith(
        "The data directory is '/x', but the data set synthetic reads no files", Error(Request("synthetic", "/x")), StringComparison.Ordinal);

    public static TheoryData<string, string> Places { get; } = new()
    {
        { "cifar10", "files" }, { "cifar10", "above" }, { "cifar10", "beside" }, { "cifar10", "archive" },
        { "cifar100", "files" }, { "cifar100", "above" }, { "cifar100", "beside" }, { "cifar100", "archive" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void Cifar_IsFoundWhereverItIs(string name, string place)
    {
        using var temporary = new Temporary();
        var layout = Layout(name);
        var directory = temporary.PathOf("given");
        var inner = Path.Combine(directory, layout.OfficialFolder);
        Directory.CreateDirectory(place == "above" ? inner : directory);
        if (place is "files" or "above")
            foreach (var (file, bytes) in Files(name))
                File.WriteAllBytes(Path.Combine(place == "above" ? inner : directory, file), bytes);
        else
            File.WriteAllBytes(Path.Combine(directory, place == "beside" ? layout.Archive.FileName : "renamed"), Archive(name));
        var given = place == "archive" ? Path.Combine(directory, "renamed") : directory;
        var (training, test) = DataSetCatalog.Load(Request(name, given) with { Cache = temporary.PathOf("cache") });

        AssertLoaded(name, training, test);
        Assert.Equal(place is "beside" or "archive", Directory.Exists(temporary.PathOf("cache")));
    }

    [Theory]
    [InlineData("cifar10")]
    [InlineData("cifar100")]
    public void Cifar_WithoutAFolder_IsDownloadedAndUnpackedOnce(string name)
    {
        var archive = Archive(name);
        using var server = new FileServer(request => ServerReply.File(request, archive));
        using var cache = new Temporary();
        var layout = Layout(name) with { Archive = new RemoteFile(server.Address("a"), "a.tar.gz", Fetching.Hash(archive), archive.Length) };
        var progress = new RecordingProgress();
        var request = Request(name, null) with { Cache = cache.Folder, Progress = progress };
        var folder = CifarSource.Locate(layout, request);

        Assert.Equal(folder, CifarSource.Locate(layout, request));
        Assert.Equal(layout.OfficialFolder, Path.GetFileName(folder));
        Assert.True(File.Exists(Path.Combine(folder, layout.FirstFile)));
        Assert.Single(server.Requests);
        Assert.Equal(["Unpacking a.tar.gz (once)."], progress.Lines);
    }

    [Fact]
    public void Cifar_FromAFolderThatIsNotThere_SaysWhatIsExpected() => Assert.Equal(
        "The data directory '/nowhere' does not exist. Name the folder of the unpacked binary version (cifar-10-batches-bin), the folder or path of "
        + "cifar-10-binary.tar.gz, or leave it out to download CIFAR-10.", Error(Request("cifar10", "/nowhere")));

    [Fact]
    public void TestSetThatIsDamaged_LeavesNoTrainingSetBehind()
    {
        using var folder = new CifarFolder().With("data_batch_1.bin", 1).WithBytes("test_batch.bin", [1]);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.Contains("test_batch.bin", Error(Request("cifar10", folder.Folder)), StringComparison.Ordinal);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void RealArchive_HoldsWhatTheUnpackedFolderHolds()
    {
        var data = Environment.GetEnvironmentVariable("FREEZEBENCH_DATA");
        var archive = Path.Combine(data ?? "", "cifar-10-binary.tar.gz");
        Assert.SkipUnless(File.Exists(archive), "FREEZEBENCH_DATA names no folder with cifar-10-binary.tar.gz and cifar-10-batches-bin.");
        using var cache = new Temporary();
        var (training, test) = DataSetCatalog.Load(Request("cifar10", archive) with { Cache = cache.Folder });
        using (training)
        using (test)
            Assert.Equal((50_000, 10_000), (training.Count, test.Count));
        // The files that were read, by their bytes: to read the others as images takes a second.
        var unpacked = Directory.GetDirectories(cache.Folder, CifarFiles.Layout.OfficialFolder, SearchOption.AllDirectories).Single();
        var given = CifarSource.InnerFolder(data!, CifarFiles.Layout);
        var files = Directory.GetFiles(given, "*.bin").Select(Path.GetFileName).ToList();
        Assert.Equal(6, files.Count);
        Assert.All(files, file => Assert.True(File.ReadAllBytes(Path.Combine(given, file!)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(unpacked, file!))), file));
    }

    internal static DataSetRequest Request(string name, string? directory) =>
        new() { Name = name, Directory = directory, Device = torch.CPU, Stop = TestContext.Current.CancellationToken };

    private static string Error(DataSetRequest request) => Assert.Throws<UserErrorException>(() => DataSetCatalog.Load(request)).Message;

    private static void AssertLoaded(string name, ImageDataSet training, ImageDataSet test)
    {
        using (training)
        using (test)
        {
            Assert.Equal(name, training.Name);
            Assert.Equal([7, 2], training.Labels.data<long>().ToArray());
            Assert.Equal([4], test.Labels.data<long>().ToArray());
            Assert.Equal(Layout(name).ClassNames, test.ClassNames);
        }
    }

    private static CifarLayout Layout(string name) => name == "cifar10" ? CifarFiles.Layout : Cifar100Files.Layout;

    private static (string Name, byte[] Bytes)[] Files(string name) => name == "cifar10"
        ? [("data_batch_1.bin", [.. CifarFolder.Record(7), .. CifarFolder.Record(2)]), ("test_batch.bin", [.. CifarFolder.Record(4)])]
        : [("train.bin", [.. Cifar100FilesTests.Record(1, 7), .. Cifar100FilesTests.Record(0, 2)]), ("test.bin", [.. Cifar100FilesTests.Record(3, 4)])];

    private static byte[] Archive(string name) => MadeArchive.Gzip(MadeArchive.TarBytes(
        Files(name).Select(file => MadeArchive.TarFile($"{Layout(name).OfficialFolder}/{file.Name}", file.Bytes))));
}
