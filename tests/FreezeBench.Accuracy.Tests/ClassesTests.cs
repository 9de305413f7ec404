using Xunit;

namespace FreezeBench.Accuracy.Tests;

public class ClassesTests
{
    private static readonly string[] command = [.. Runner.Synthetic, "--policies", "frozen-cached"];

    [Fact]
    public void SeveralNumbers_AreARunEach_WithAHeadAndImagesOfTheirOwn()
    {
        var (rows, ends, _, progress) = Runner.Run([.. command, "--classes", "2,3"]);

        Assert.Equal([("2", 2), ("3", 3)], rows.Select(row => (row.ClassSelection, row.Classes)));
        Assert.Equal([("2", 2), ("3", 3)], ends.Select(end => (end.ClassSelection, end.Classes)));
        Assert.NotEqual(rows[0].DataHash, rows[1].DataHash);
        Assert.Equal(rows.Select(row => row.DataHash), ends.Select(end => end.DataHash));
        Assert.Contains("classes     2: class-0, class-1\n", progress.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("classes     3: class-0, class-1, class-2\n", progress.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void MoreClassesThanThereAre_AreRefused_BeforeAnythingIsTrained() =>
        Assert.Contains("--classes 11: 'synthetic' has 10 classes; valid numbers: 2 to 10", Runner.Refusal([.. command, "--classes", "2,11"]), StringComparison.Ordinal);

    [Fact]
    public void ClassesByName_AreThose()
    {
        using var pictures = PictureFolder.OfTwoClasses();
        pictures.WithImage("train/cats/0.png", 200).WithImage("val/cats/0.png", 0);
        string[] images = [.. Runner.Tiny, "--policies", "frozen-cached", "--dataset", $"imagefolder:{pictures.Path}"];

        var row = Assert.Single(Runner.Run([.. images, "--classes", "cats,light"]).Rows);

        Assert.Equal(("cats,light", 2, 4, 2), (row.ClassSelection, row.Classes, row.TrainTotal, row.TestTotal));
        Assert.Contains("has no class 'dogs'; valid names: cats, dark, light", Runner.Refusal([.. images, "--classes", "cats,dogs"]), StringComparison.Ordinal);
    }
}
