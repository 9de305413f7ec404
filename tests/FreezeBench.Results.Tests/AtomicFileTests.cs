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
        var (dead, young, others) = (temporary.File("report.md.abcd.tmp", "half"), temporary.File("report.md.efgh.tmp", "half"), temporary.File("notes.tmp", "mine"));
        foreach (var old in new[] { dead, others })
            File.SetLastWriteTimeUtc(old, DateTime.UtcNow - TimeSpan.FromHours(1));
        AtomicFile.Write(path, [1]);
        Assert.Equal((false, true, true), (File.Exists(dead), File.Exists(young), File.Exists(others)));
    }

    [Fact]
    public void FileThatAnotherProgramWrites_StaysHoweverOldItIs()
    {
        var other = Path.Combine(temporary.Folder, "report.md.abcd.tmp");
        using var writing = new FileStream(other, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        File.SetLastWriteTimeUtc(other, DateTime.UtcNow - TimeSpan.FromHours(1));
        AtomicFile.Write(Path.Combine(temporary.Folder, "report.md"), [1]);
        Assert.True(File.Exists(other));
    }
}
