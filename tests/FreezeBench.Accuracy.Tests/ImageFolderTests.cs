using Xunit;

namespace FreezeBench.Accuracy.Tests;

public class ImageFolderTests
{
    [Fact]
    public void OwnImages_AreTrainedOn_AndTheRowsDoNotSayWhereTheyLie()
    {
        using var pictures = PictureFolder.OfTwoClasses();
        var (rows, ends, output, progress) = Runner.Run([.. Command(pictures), "--policies", "fine-tune,frozen-cached"]);

        Assert.All(rows, row => Assert.Equal(("imagefolder-pictures", 2, 6, 2, "all"), (row.Dataset, row.Classes, row.TrainTotal, row.TestTotal, row.ClassSelection)));
        Assert.All(ends, end => Assert.Equal("imagefolder-pictures", end.Dataset));
        Assert.Contains("imagefolder-pictures: 6 to train on, 2 to test on, 16 px", progress, StringComparison.Ordinal);
        Assert.DoesNotContain(pictures.Path, output + progress, StringComparison.Ordinal);
    }

    [Fact]
    public void BrokenImage_EndsTheCommand_OrIsLeftOutAndAnnounced()
    {
        using var pictures = PictureFolder.OfTwoClasses().WithBytes("train/dark/9.png", [1, 2, 3]);

        Assert.Contains("1 of 9 images in ", Runner.Refusal(Command(pictures)), StringComparison.Ordinal);
        Assert.Contains("pass --skip-unreadable", Runner.Refusal(Command(pictures)), StringComparison.Ordinal);

        var skipping = Runner.Run([.. Command(pictures), "--policies", "frozen-cached", "--skip-unreadable"]);

        Assert.Contains("left out train/dark/9.png: ", skipping.Progress, StringComparison.Ordinal);
        Assert.Equal(6, Assert.Single(skipping.Rows).TrainTotal);
    }

    [Fact]
    public void TestImagesThatAreTrainedOn_AreAnnounced()
    {
        using var pictures = PictureFolder.OfTwoClasses().WithImage("val/dark/copy.png", 10);
        Assert.Contains("1 of the test images are among those to train on, to the last byte", string.Join(' ', Runner.Run([.. Command(pictures), "--policies", "frozen-cached"]).Progress.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoImage_IsAnnouncedByKind()
    {
        using var pictures = PictureFolder.OfTwoClasses().WithBytes("train/dark/1.tif", [1]).WithBytes("val/dark/2.tif", [1]).WithBytes("train/light/._0.png", [1]);
        using var folder = new TemporaryFolder();
        using Spectre.Console.Testing.TestConsole output = new(), progress = new();
        Assert.Equal(0, AccuracyProgram.Run([.. Command(pictures), "--policies", "frozen-cached", "--dry-run", .. Runner.Folders(folder)], output, progress));
        Assert.Contains("left out, as they are no images that are read: 2 .tif, 1 hidden", string.Join(' ', progress.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static string[] Command(PictureFolder pictures) => [.. Runner.Tiny, "--dataset", $"imagefolder:{pictures.Path}"];

    [Fact]
    public void ClassesOfOwnImages_AreInAFileBesideTheRows_InTheOrderOfTheHead()
    {
        using var pictures = PictureFolder.OfTwoClasses();
        using var folder = new TemporaryFolder();
        using Spectre.Console.Testing.TestConsole console = new();
        Assert.Equal(0, AccuracyProgram.Run([.. Runner.Tiny.SkipLast(4), "--dataset", $"imagefolder:{pictures.Path}", "--policies", "frozen", "--seeds", "1,2", "--classes", "light,dark", .. Runner.Folders(folder)], console, console));
        Assert.Equal([(0, "light", "light,dark"), (1, "dark", "light,dark")], Runner.Rows<FreezeBench.Results.Rows.ClassRow>(folder).Select(row => (row.Label, row.ClassName, row.ClassSelection)));
    }
}
