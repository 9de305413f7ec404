using FreezeBench.Downloads;
using FreezeBench.Images.Folders;
using FreezeBench.Results;
using FreezeBench.Tests.Archives;
using FreezeBench.Tests.Downloads;
using FreezeBench.Tests.Images.Catalog;
using Xunit;

namespace FreezeBench.Tests.Images.Folders;

public class AntsBeesTests
{
    [Fact]
    public void Archive_IsDownloadedAndUnpackedOnce()
    {
        var zip = MadeArchive.ZipBytes(("hymenoptera_data/train/ants/1.jpg", [1], 0), ("hymenoptera_data/val/bees/2.jpg", [2], 0));
        using var server = new FileServer(request => ServerReply.File(request, zip));
        using var cache = new Temporary();
        var request = DataSetCatalogTests.Request(AntsBees.Name, null) with { Cache = cache.Folder };
        var archive = new RemoteFile(server.Address("a"), "a.zip", Fetching.Hash(zip), zip.Length);
        var folder = AntsBees.Locate(request, archive);

        Assert.Equal(folder, AntsBees.Locate(request, archive));
        Assert.Equal([1], File.ReadAllBytes(Path.Combine(folder, "train", "ants", "1.jpg")));
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Folder_OrTheOneAbove_IsTaken()
    {
        using var temporary = new Temporary();
        var inner = temporary.PathOf("hymenoptera_data");
        Directory.CreateDirectory(Path.Combine(inner, "train"));
        Directory.CreateDirectory(Path.Combine(inner, "val"));

        Assert.Equal(inner, AntsBees.Locate(DataSetCatalogTests.Request(AntsBees.Name, inner)));
        Assert.Equal(inner, AntsBees.Locate(DataSetCatalogTests.Request(AntsBees.Name, temporary.Folder)));
    }

    [Fact]
    public void AnotherFolder_IsNamed()
    {
        using var temporary = new Temporary();
        Assert.StartsWith($"'{temporary.Folder}' has no folders train and val, nor has hymenoptera_data in it.",
            Assert.Throws<UserErrorException>(() => AntsBees.Locate(DataSetCatalogTests.Request(AntsBees.Name, temporary.Folder))).Message, StringComparison.Ordinal);
    }
}
