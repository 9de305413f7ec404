using System.Diagnostics;
using FreezeBench.Images.Folders;
using FreezeBench.Images.Formats;
using FreezeBench.Results;
using FreezeBench.Weights.Files;
using SkiaSharp;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Images.Folders;

/// <summary>Folders as people have them: links, pipes, other formats, odd names.</summary>
public sealed class FolderFaultsTests
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void LinkToAFolderAbove_IsRefusedByName()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        using var folder = PictureFolder.AntsAndBees();
        foreach (var target in new[] { "train", "train/ants", "." })
        {
            var link = folder.PathOf("train/ants/more");
            File.CreateSymbolicLink(link, Path.GetFullPath(folder.PathOf(target)));
            Assert.Contains($"{link} is a symbolic link to a folder that it lies in", folder.Error(), StringComparison.Ordinal);
            File.Delete(link);
        }
        // Links in a circle of their own, with nothing in it.
        File.CreateSymbolicLink(folder.PathOf("train/ants/a"), folder.PathOf("train/ants/b"));
        File.CreateSymbolicLink(folder.PathOf("train/ants/b"), folder.PathOf("train/ants/a"));
        using var sets = folder.Load();
        Assert.Equal(6, sets.Training.Count);
    }

    [Fact]
    public void AnImageThatSeveralLinksLeadTo_CountsOnce()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        using var folder = PictureFolder.AntsAndBees();
        File.CreateSymbolicLink(folder.PathOf("train/ants/zz.png"), folder.PathOf("train/ants/000.png"));
        Directory.CreateSymbolicLink(folder.PathOf("train/bees/again"), folder.PathOf("train/bees/other"));
        folder.WithImage("train/bees/other/x.png", 7);
        using var sets = folder.Load();
        Assert.Equal((7, 2), (sets.Training.Count, sets.IgnoredFiles));
        Assert.Equal(2, sets.Ignored["links to an image that is there already"]);
    }

    [Theory]
    [InlineData("train/bees/more", "train/ants", "train/bees/more/000.png is the same file as train/ants/000.png")]
    [InlineData("val/bees/more", "train/bees", "val/bees/more/000.png is the same file as train/bees/000.png")]
    public void AnImageOfTwoClassesOrParts_IsRefusedByName(string link, string target, string told)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        using var folder = PictureFolder.AntsAndBees();
        Directory.CreateSymbolicLink(folder.PathOf(link), folder.PathOf(target));
        Assert.Contains(told, folder.Error(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PipesAndDevices_AreNoImages_AndNobodyWaitsForThem()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes by name and /dev/zero are Linux's.");
        using var folder = PictureFolder.AntsAndBees();
        using (var make = Process.Start("mkfifo", folder.PathOf("train/ants/pipe.png")))
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(folder.PathOf("train/bees/zero.png"), "/dev/zero");
        var told = await Task.Run(folder.Error, TestContext.Current.CancellationToken).WaitAsync(patience, TestContext.Current.CancellationToken);
        Assert.Contains("train/ants/pipe.png: it is a pipe; only regular files are read", told, StringComparison.Ordinal);
        Assert.Contains("train/bees/zero.png: it is a device; only regular files are read", told, StringComparison.Ordinal);

        var pipe = folder.PathOf("train/ants/pipe.png");
        Action[] readers =
        [
            () => StateDictFile.Read(pipe), () => StateDictFile.Read("/dev/zero"),
            () => IdxFile.Read(pipe, 1, []), () => FreezeBench.Downloads.FileHash.Sha256(pipe),
        ];
        foreach (var reader in readers)
        {
            var error = await Task.Run(() => Record.Exception(reader), TestContext.Current.CancellationToken).WaitAsync(patience, TestContext.Current.CancellationToken);
            Assert.Matches("it is a (pipe|device); only regular files are read", Assert.IsType<UserErrorException>(error).Message);
        }
    }

    [Fact]
    public void ClassNamesWithControlCharacters_AreRefused_AndShownEscaped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names.");
        using var folder = PictureFolder.AntsAndBees().WithImage("train/a\u001b]0;x\u0007/1.png", 1).WithImage("val/a\u001b]0;x\u0007/1.png", 1);
        var told = folder.Error();
        Assert.Contains(@"The class folder 'a\u001b]0;x\u0007'", told, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', told);
    }

    [Theory]
    [InlineData(@"train/ants/caf\xe9.png")]
    [InlineData(@"train/ants/caf\xe9/1.png")]
    [InlineData(@"train/caf\xe9/1.png")]
    public void NamesThatAreNoUtf8_AreSaidToBeNone(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Names are bytes on Linux alone.");
        using var folder = PictureFolder.AntsAndBees();
        // .NET itself can name no such file, nor delete it.
        Shell($"mkdir -p \"$(dirname $'{name}')\" && cp train/ants/000.png $'{name}'");
        var told = folder.Error();
        Shell($"rm -r $'{name}' $(dirname $'{name}' | grep -a caf)");
        Assert.Contains("its name is not in UTF-8, so that it cannot be opened. Rename it", told, StringComparison.Ordinal);

        void Shell(string script)
        {
            using var process = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", script]) { WorkingDirectory = folder.Folder })!;
            process.WaitForExit();
        }
    }

    [Fact]
    public void ClassNamesThatLookAlike_AreSaidToDiffer()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the file system takes them for one.");
        using var folder = PictureFolder.AntsAndBees().WithImage("train/caf\u00e9/1.png", 1).WithImage("val/cafe\u0301/1.png", 1);
        Assert.Contains("can be written in two ways", folder.Error(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Webp, ".webp")]
    [InlineData(SKEncodedImageFormat.Jpeg, ".jfif")]
    [InlineData(SKEncodedImageFormat.Jpeg, ".JPE")]
    public void WhatTheDecoderReads_IsAnImage(SKEncodedImageFormat format, string end)
    {
        using var picture = SKImage.FromEncodedData(Picture.Png(3, 20, 20));
        using var folder = PictureFolder.AntsAndBees().WithBytes($"train/ants/new{end}", picture.Encode(format, 90).ToArray());
        using var sets = folder.Load();
        Assert.Equal((7, 0), (sets.Training.Count, sets.IgnoredFiles));
    }

    [Fact]
    public void Gif_IsAnImage()
    {
        // One red pixel.
        var gif = Convert.FromHexString("47494638396101000100800000ff000000000021f90400000000002c00000000010001000002024401003b");
        using var folder = PictureFolder.AntsAndBees().WithBytes("train/ants/red.gif", gif);
        using var sets = folder.Load();
        Assert.Equal(7, sets.Training.Count);
    }

    [Fact]
    public void WhatIsNoImage_IsCountedByKind()
    {
        using var folder = PictureFolder.AntsAndBees().WithBytes("train/ants/1.tif", [1]).WithBytes("train/bees/2.TIF", [1]).WithBytes("val/ants/3.ppm", [1])
            .WithBytes("train/ants/._000.png", [1]).WithBytes("train/ants/readme", [1]);
        using var sets = folder.Load();
        Assert.Equal([(".ppm", 1), (".tif", 2), ("hidden", 1), ("without an ending", 1)], sets.Ignored.Select(kind => (kind.Key, kind.Value)));
    }

    [Theory]
    [InlineData("val")]
    [InlineData("valid")]
    [InlineData("validation")]
    [InlineData("test")]
    public void EachUsualNameOfTheTestPart_IsTaken(string name)
    {
        using var folder = PictureFolder.AntsAndBees();
        if (name != "val")
            Directory.Move(folder.PathOf("val"), folder.PathOf(name));
        using (var sets = folder.Load())
            Assert.Equal(2, sets.Test.Count);
        Directory.CreateDirectory(folder.PathOf(name == "val" ? "validation" : "val"));
        Assert.Contains($"Move those that are not to be tested on out of the folder.", folder.Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void FolderOfClasses_IsDivided_InTheSameShareOfEveryClass_BySeed()
    {
        using var folder = new PictureFolder();
        for (var image = 0; image < 10; image++)
            folder.WithImage($"ants/{image}.png", image).WithImage($"bees/{image}.png", 50 + image).WithImage($"bees/{image}b.png", 100 + image);
        Assert.Contains("Or divide the class folders in it: split 0.8", folder.Error(), StringComparison.Ordinal);

        using var sets = Split("0.8");
        Assert.Equal((24, 6), (sets.Training.Count, sets.Test.Count));
        Assert.Equal([8, 16], Counts(sets.Training));
        Assert.Equal([2, 4], Counts(sets.Test));
        Assert.Equal(30, sets.Training.Paths.Concat(sets.Test.Paths).Distinct().Count());
        using var again = Split("0.8:1");
        Assert.Equal(sets.Training.ContentHash, again.Training.ContentHash);
        using var other = Split("0.8:2");
        Assert.NotEqual(sets.Training.ContentHash, other.Training.ContentHash);

        folder.WithImage("wasps/1.png", 1);
        Assert.Contains("needs 2 images of every class; these have fewer: wasps", Assert.Throws<UserErrorException>(() => Split("0.8")).Message, StringComparison.Ordinal);
        using var divided = PictureFolder.AntsAndBees();
        Assert.Contains("is divided already", Assert.Throws<UserErrorException>(() => ImageFolder.Load(divided.Folder, torch.CPU, split: FolderSplit.Parse("0.5"))).Message, StringComparison.Ordinal);
        foreach (var wrong in new[] { "", "0", "1", "80", "0.8:", "0.8:x", "-0.5", "0.8:1:2" })
            Assert.Contains(FolderSplit.ValidForms, Assert.Throws<UserErrorException>(() => FolderSplit.Parse(wrong)).Message, StringComparison.Ordinal);

        ImageFolderSets Split(string split) => ImageFolder.Load(folder.Folder, torch.CPU, split: FolderSplit.Parse(split));

        static IEnumerable<int> Counts(FreezeBench.Images.Sets.ImageSet set) => set.Labels.data<long>().ToArray().CountBy(label => label).OrderBy(label => label.Key).Select(label => label.Value);
    }

    [Fact]
    public void ForMeasuring_SoManyImagesAreTaken_FromEveryClass()
    {
        using var folder = PictureFolder.AntsAndBees(each: 10);
        using var set = ImageFolder.LoadTraining(folder.Folder, torch.CPU, limit: 8);
        Assert.Equal((8, 2, 4), (set.Count, set.Classes, set.Labels.sum().item<long>()));
        using var plain = ImageFolder.LoadTraining(folder.PathOf("train"), torch.CPU, limit: 1000);
        Assert.Equal(20, plain.Count);
    }

    [Fact]
    public void AFileInThePlaceOfTheFolder_IsSaid()
    {
        using var folder = PictureFolder.AntsAndBees();
        Assert.Contains("is a file", Assert.Throws<UserErrorException>(() => ImageFolder.Load(folder.PathOf("train/ants/000.png"), torch.CPU)).Message, StringComparison.Ordinal);
    }
}
