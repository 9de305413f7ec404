using Xunit;

namespace FreezeBench.Results.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly Temporary temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void WhatAKilledProgramLeft_GoesWithTheNextWrite_AndNoOther()
    {
        var path = Path.Combine(temporary.Folder, "report.md");
        var (dead, young) = (temporary.File("report.md.abcd1234.xyz.tmp", "half"), temporary.File("report.md.efgh5678.xyz.tmp", "half"));
        string[] others = [temporary.File("notes.tmp", "mine"), temporary.File("report.md.old.tmp", "mine"), temporary.File("my-report.md.abcd1234.xyz.tmp", "another's")];
        foreach (var old in others.Append(dead))
            File.SetLastWriteTimeUtc(old, DateTime.UtcNow - TimeSpan.FromHours(1));
        AtomicFile.Write(path, [1]);
        Assert.Equal((false, true), (File.Exists(dead), File.Exists(young)));
        Assert.All(others, other => Assert.True(File.Exists(other), other));
    }

    [Fact]
    public void FileThatAnotherProgramWrites_StaysHoweverOldItIs()
    {
        var other = Path.Combine(temporary.Folder, "report.md.abcd1234.xyz.tmp");
        using var writing = new FileStream(other, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        File.SetLastWriteTimeUtc(other, DateTime.UtcNow - TimeSpan.FromHours(1));
        AtomicFile.Write(Path.Combine(temporary.Folder, "report.md"), [1]);
        Assert.True(File.Exists(other));
    }

    [Theory]
    [InlineData("pipe", "it is a pipe; only regular files are replaced.")]
    [InlineData("link-to-null", "it is a device; only regular files are replaced.")]
    [InlineData("folder", "it is a folder; only regular files are replaced.")]
    public void WhatIsNoFile_StaysWhatItIs(string name, string told)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes by name and /dev/null are Linux's.");
        using (var make = System.Diagnostics.Process.Start("mkfifo", Path.Combine(temporary.Folder, "pipe")))
            make.WaitForExit();
        File.CreateSymbolicLink(Path.Combine(temporary.Folder, "link-to-null"), "/dev/null");
        Directory.CreateDirectory(Path.Combine(temporary.Folder, "folder"));
        var path = Path.Combine(temporary.Folder, name);
        var before = FileFacts.Of(path);
        Assert.Equal(told, Assert.Throws<IOException>(() => AtomicFile.Write(path, [1])).Message);
        Assert.Equal(before, FileFacts.Of(path));
        Assert.Equal(3, Directory.GetFileSystemEntries(temporary.Folder).Length);
    }

    [Fact]
    public void LinkToAFile_StaysALink_AndItsFileIsReplaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        var (file, link, circle) = (temporary.File("report-7.md", "old"), Path.Combine(temporary.Folder, "report.md"), Path.Combine(temporary.Folder, "circle.md"));
        File.CreateSymbolicLink(link, "report-7.md");
        File.CreateSymbolicLink(circle, circle);
        AtomicFile.Write(link, [65]);
        Assert.Equal(("A", "report-7.md"), (File.ReadAllText(file), new FileInfo(link).LinkTarget));
        Assert.Throws<IOException>(() => AtomicFile.Write(circle, [65]));
        Assert.Equal(circle, new FileInfo(circle).LinkTarget);
    }
}
