using Xunit;

namespace FreezeBench.Results.Tests;

/// <summary>A file that one has at a time, with others that wait for it or do not.</summary>
public sealed class LockFileTests : IDisposable
{
    private readonly Temporary temporary = new();

    private string Path => System.IO.Path.Combine(temporary.Folder, "a.lock");

    public void Dispose() => temporary.Dispose();

    [Fact]
    public async Task Lock_IsWaitedFor_UntilItIsLetGo()
    {
        Task<FileStream> waiting;
        using (LockFile.Open(Path, TimeSpan.Zero))
        {
            waiting = Task.Run(() => LockFile.Open(Path, TimeSpan.FromSeconds(30)));
            await Assert.ThrowsAsync<TimeoutException>(() => waiting.WaitAsync(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken));
        }
        await (await waiting).DisposeAsync();
    }

    [Fact]
    public void LockThatIsKept_IsNotWaitedForForEver()
    {
        using var held = LockFile.Open(Path, TimeSpan.Zero);
        Assert.True(LockFile.IsHeld(Assert.Throws<IOException>(() => LockFile.Open(Path, TimeSpan.FromMilliseconds(50)))));
    }

    [Fact]
    public void WhatNobodyHas_IsNotWaitedFor()
    {
        Assert.False(LockFile.IsHeld(Assert.Throws<DirectoryNotFoundException>(() => LockFile.Open(System.IO.Path.Combine(temporary.Folder, "none", "a.lock"), TimeSpan.FromHours(1)))));
        Assert.Throws<UnauthorizedAccessException>(() => LockFile.Open(temporary.Folder, TimeSpan.FromHours(1)));
    }
}
