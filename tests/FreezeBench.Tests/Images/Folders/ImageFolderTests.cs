using FreezeBench.Images.Sets;
using Xunit;

namespace FreezeBench.Tests.Images.Folders;

public class ImageFolderTests
{
    [Fact]
    public void Classes_AreTheFolders_AndImagesAreInOrdinalOrderOfTheirPaths()
    {
        using var folder = new PictureFolder()
            .WithImage("train/bees/b.png", 1).WithImage("train/bees/a.PNG", 2).WithImage("train/bees/B.Png", 3).WithImage("train/bees/more/0.png", 4)
            .WithImage("train/Ants/x.png", 5).WithImage("test/bees/1.png", 6).WithImage("test/Ants/1.png", 7)
            .WithBytes("train/bees/notes.txt", [1]).WithBytes("test/Ants/.DS_Store", [1]).WithBytes("train/readme", [1])
            .WithImage("train/.ipynb_checkpoints/x.png", 8).WithImage("train/bees/.cache/x.png", 9);
        using var sets = folder.Load();

        Assert.Equal(["Ants", "bees"], sets.Training.ClassNames);
        Assert.Equal(["Ants/x.png", "bees/B.Png", "bees/a.PNG", "bees/b.png", "bees/more/0.png"],
            sets.Training.Paths.Select(path => Path.GetRelativePath(folder.PathOf("train"), path).Replace('\\', '/')));
        Assert.Equal([0, 1, 1, 1, 1], sets.Training.Labels.data<long>().ToArray());
        Assert.Equal([0, 1], sets.Test.Labels.data<long>().ToArray());
        Assert.Equal(3, sets.IgnoredFiles);
        Assert.Empty(sets.Skipped);
        Assert.Equal($"imagefolder:{Path.GetFileName(folder.Folder)}", sets.Training.Name);
        Assert.Equal((224, 0.08), (sets.Training.DefaultResolutionPx, sets.Training.Crop.SmallestShare));
    }

    [Fact]
    public void Hash_IsOfLabelsAndFileBytes_NotOfNamesOrWorkers()
    {
        using var folder = PictureFolder.AntsAndBees();
        var before = Hash(folder);
        Assert.Equal(before, Hash(folder, workers: 1));

        File.Move(folder.PathOf("train/ants/002.png"), folder.PathOf("train/ants/zzz.png"));
        Assert.Equal(before, Hash(folder));

        // A byte behind the image's end changes no pixel: it is other bytes all the same.
        File.AppendAllText(folder.PathOf("train/ants/zzz.png"), "x");
        var other = Hash(folder);
        Assert.NotEqual(before, other);

        File.Move(folder.PathOf("train/ants/zzz.png"), folder.PathOf("train/bees/000.png.png"));
        Assert.NotEqual(other, Hash(folder));
    }

    [Fact]
    public void Subsets_HaveHashesOfTheirOwn_AndKeepTheirFiles()
    {
        using var folder = PictureFolder.AntsAndBees(each: 4);
        using var sets = folder.Load();
        using var swapped = sets.Training.SelectClasses([1, 0]);
        using var half = StratifiedSubset.Take(sets.Training, 4, seed: 1);
        using var first = sets.Training.Select([7, 0]);

        Assert.Equal([1, 1, 1, 1, 0, 0, 0, 0], swapped.Labels.data<long>().ToArray());
        Assert.Equal(["bees", "ants"], swapped.ClassNames);
        Assert.Equal([0, 0, 1, 1], half.Labels.data<long>().ToArray());
        Assert.Equal([sets.Training.Paths[7], sets.Training.Paths[0]], first.Paths);
        Assert.Equal(4, new[] { sets.Training, swapped, half, first }.Select(set => set.ContentHash).Distinct().Count());
    }

    [Fact]
    public void MissingFolders_AreNamed()
    {
        using var folder = new PictureFolder();
        Assert.StartsWith($"'{folder.Folder}' has no folder train. Give the folder that has train and one of val, valid, validation, test", folder.Error(), StringComparison.Ordinal);
        folder.WithImage("train/ants/1.png", 1);
        Assert.StartsWith($"'{folder.Folder}' has none of val, valid, validation, test: no images to test on.", folder.Error(), StringComparison.Ordinal);
        Directory.CreateDirectory(folder.PathOf("val"));
        Directory.CreateDirectory(folder.PathOf("test"));
        Assert.StartsWith($"'{folder.Folder}' has val and test.", folder.Error(), StringComparison.Ordinal);
        Directory.Delete(folder.Folder, recursive: true);
        Assert.StartsWith($"The image folder '{folder.Folder}' does not exist.", folder.Error(), StringComparison.Ordinal);
        Directory.CreateDirectory(folder.Folder);
    }

    [Fact]
    public void ClassesOfOnePartOnly_AreListed()
    {
        using var folder = PictureFolder.AntsAndBees().WithImage("train/flies/1.png", 1).WithImage("val/wasps/1.png", 1).WithImage("val/Ants/1.png", 1);
        Assert.Equal($"'{folder.Folder}' has other classes in train than in val. Only in train: flies. Only in val: Ants, wasps. Each class needs a folder in both.",
            folder.Error());
    }

    [Fact]
    public void OneClass_IsRefused()
    {
        using var folder = new PictureFolder().WithImage("train/ants/1.png", 1).WithImage("val/ants/1.png", 1);
        Assert.StartsWith($"'{folder.Folder}' has 1 class folder(s) in train; 2 are the fewest.", folder.Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void AClassWithoutImages_IsNamedWithItsPart()
    {
        using var folder = PictureFolder.AntsAndBees();
        File.Move(folder.PathOf("val/bees/0.png"), folder.PathOf("val/bees/0.tif"));
        Assert.Equal($"'{folder.Folder}' has no readable image for val/bees; images end in .jpg, .jpeg, .jpe, .jfif, .png, .bmp, .webp, .gif. Add some, or remove the class from both parts.",
            folder.Error());
    }

    [Fact]
    public void UnreadableImages_AreAllListed_InOrder()
    {
        using var folder = WithDamage();
        Assert.Equal(string.Join('\n',
            $"4 of 12 images in '{folder.Folder}' cannot be decoded:",
            "  train/ants/cut.jpg: cut short",
            "  train/ants/cut.png: cut short",
            "  train/bees/empty.png: empty",
            "  val/ants/text.jpg: not an image, or its header is damaged",
            "Fetch them again, remove them, or pass skipUnreadable to train without them."), folder.Error());
    }

    [Fact]
    public void UnreadableImages_AreLeftOut_WhereThatIsAskedFor()
    {
        using var folder = WithDamage();
        using var sets = folder.Load(skipUnreadable: true);
        using var without = PictureFolder.AntsAndBees();
        using var whole = without.Load();

        Assert.Equal(["train/ants/cut.jpg", "train/ants/cut.png", "train/bees/empty.png", "val/ants/text.jpg"], sets.Skipped.Select(image => image.Path));
        Assert.Equal((6, 2), (sets.Training.Count, sets.Test.Count));
        Assert.Equal(whole.Training.ContentHash, sets.Training.ContentHash);
    }

    [Fact]
    public void LongLists_EndWithTheNumberOfTheOthers()
    {
        using var folder = PictureFolder.AntsAndBees();
        for (var image = 0; image < 23; image++)
            folder.WithBytes($"train/ants/bad{image:d2}.jpg", [1, 2, 3]);
        var lines = folder.Error().Split('\n');
        Assert.Equal(1 + 20 + 2, lines.Length);
        Assert.Equal("  and 3 more", lines[21]);
    }

    [Fact]
    public void AClassOfNothingButUnreadableImages_IsRefused_EvenWhereTheyAreSkipped()
    {
        using var folder = PictureFolder.AntsAndBees();
        File.WriteAllText(folder.PathOf("val/bees/0.png"), "no image");
        var message = Assert.Throws<Results.UserErrorException>(() => folder.Load(skipUnreadable: true)).Message;
        Assert.Contains("no readable image for val/bees", message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoWorker_IsTheCallersMistake()
    {
        using var folder = PictureFolder.AntsAndBees();
        Assert.Throws<ArgumentOutOfRangeException>("workers", () => folder.Load(workers: 0));
    }

    private static PictureFolder WithDamage()
    {
        var png = Picture.Png(1, 20, 20);
        var jpg = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Goldens", "Images", "rgb.jpg"));
        return PictureFolder.AntsAndBees().WithBytes("train/ants/cut.png", png[..(png.Length / 2)]).WithBytes("train/ants/cut.jpg", jpg[..^20])
            .WithBytes("train/bees/empty.png", []).WithBytes("val/ants/text.jpg", "<html>not found</html>"u8.ToArray());
    }

    private static string Hash(PictureFolder folder, int workers = 2)
    {
        using var sets = folder.Load(workers: workers);
        return sets.Training.ContentHash;
    }
}
