using FreezeBench.Downloads;
using FreezeBench.Results;
using Xunit;

namespace FreezeBench.Tests.Downloads;

public class DownloaderTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void File_IsFetchedOnce_AndThenFound(bool statesLength, bool hasSize)
    {
        using var fetching = new Fetching(request => ServerReply.File(request, Fetching.Content) with { StatesLength = statesLength });
        fetching.AssertFetched(fetching.Fetch(fetching.File(hasSize: hasSize)));
        fetching.AssertFetched(fetching.Fetch(fetching.File(hasSize: hasSize)));

        Assert.Single(fetching.Server.Requests);
        Assert.Equal([$"begins a.bin {(statesLength || hasSize ? "400000" : "?")} 0", "ends 400000"], fetching.Progress.Events);
        Assert.Empty(fetching.Progress.Lines);
    }

    [Fact]
    public void BeginningOfAChecksum_IsEnough()
    {
        using var fetching = new Fetching(request => ServerReply.File(request, Fetching.Content));
        fetching.AssertFetched(fetching.Fetch(fetching.File(digits: 8)));
    }

    [Fact]
    public void WrongFileThatIsThere_IsNamedAndLeftAlone()
    {
        using var fetching = new Fetching(request => ServerReply.File(request, Fetching.Content));
        Directory.CreateDirectory(fetching.Folder);
        File.WriteAllBytes(fetching.PathOf("a.bin"), [1, 2, 3]);
        var message = fetching.Error();

        Assert.Equal($"'{fetching.PathOf("a.bin")}' is not the file that belongs there: its SHA-256 is {Fetching.Hash([1, 2, 3])}, expected is "
            + $"{Fetching.Hash(Fetching.Content)}. Delete it and run this again: it is then fetched from {fetching.Server.Address("a.bin")}.", message);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(fetching.PathOf("a.bin")));
        Assert.Empty(fetching.Server.Requests);
    }

    [Fact]
    public void WrongBytes_AreNotKept_AndNotAskedForAgain()
    {
        var wrong = (byte[])Fetching.Content.Clone();
        wrong[^1] ^= 1;
        using var fetching = new Fetching(request => ServerReply.File(request, wrong));
        var message = fetching.Error();

        Assert.Equal($"a.bin cannot be downloaded from {fetching.Server.Address("a.bin")}: the SHA-256 of what came is {Fetching.Hash(wrong)}, "
            + $"expected is {Fetching.Hash(Fetching.Content)}.\nFetch it in another way and put it at '{fetching.PathOf("a.bin")}', or pass weights.", message);
        Assert.Single(fetching.Server.Requests);
        Assert.Equal(["a.bin.lock"], Directory.EnumerateFiles(fetching.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void AnotherSize_IsRefusedBeforeItIsRead()
    {
        // A hotel's login page answers 200 to everything.
        using var fetching = new Fetching(_ => new ServerReply { Body = "<html>please pay</html>"u8.ToArray() });
        Assert.Contains("the server has a file of 23 bytes, expected are 400000.", fetching.Error(fetching.File(hasSize: true)), StringComparison.Ordinal);
        Assert.Empty(fetching.Progress.Events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EndlessFile_IsCutOff(bool hasSize)
    {
        using var fetching = new Fetching(_ => new ServerReply { Body = [.. Fetching.Content, .. Fetching.Content], StatesLength = false });
        var message = fetching.Error(fetching.File(hasSize: hasSize), new DownloadSettings { MostBytes = 500_000 });

        Assert.Contains($"the server sends more than {(hasSize ? 400_000 : 500_000)} bytes", message, StringComparison.Ordinal);
        Assert.Single(fetching.Server.Requests);
    }

    [Fact]
    public void TwoAtOnce_FetchOnce()
    {
        using var waits = new ManualResetEventSlim();
        // The first download goes on only when the second one has said that it waits: no chance is involved.
        using var fetching = new Fetching(request =>
        {
            waits.Wait(TimeSpan.FromSeconds(30));
            return ServerReply.File(request, Fetching.Content);
        })
        { Progress = new() { OnLine = _ => waits.Set() } };
        var settings = new DownloadSettings { LockPoll = TimeSpan.FromMilliseconds(1) };
        var first = Task.Run(() => fetching.Fetch(settings: settings), TestContext.Current.CancellationToken);
        var second = Task.Run(() => fetching.Fetch(settings: settings), TestContext.Current.CancellationToken);
#pragma warning disable xUnit1031 // Both have their own threads, and the test has nothing else to do.
        Task.WaitAll(first, second);
        fetching.AssertFetched(first.Result);
#pragma warning restore xUnit1031
        Assert.Single(fetching.Server.Requests);
        Assert.Equal(["Another process is downloading a.bin; waiting for it."], fetching.Progress.Lines);
    }

    [Fact]
    public void WaitForAnother_CanBeEnded()
    {
        using var stop = new CancellationTokenSource();
        using var fetching = new Fetching(request => ServerReply.File(request, Fetching.Content)) { Progress = new() { OnLine = _ => stop.Cancel() } };
        Directory.CreateDirectory(fetching.Folder);
        using var held = new FileStream(fetching.PathOf("a.bin.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        Assert.ThrowsAny<OperationCanceledException>(() => fetching.FetchUntil(stop.Token));
        Assert.Empty(fetching.Server.Requests);
    }

    [Fact]
    public void Transfer_CanBeEnded_AndIsGoneOnFromLater()
    {
        using var stop = new CancellationTokenSource();
        using var fetching = new Fetching(request => ServerReply.File(request, Fetching.Content) is var reply && request.Number == 0
            ? reply with { SendsOnly = 100_000, Stalls = true }
            : reply)
        { Progress = new() { OnAdvance = () => stop.Cancel() } };

        Assert.ThrowsAny<OperationCanceledException>(() => fetching.FetchUntil(stop.Token));
        fetching.AssertFetched(fetching.Fetch());
        Assert.InRange(fetching.Server.Requests[1].From!.Value, 1, 100_000);
    }

    [Fact]
    public void FolderThatCannotBeMade_IsNamed()
    {
        using var fetching = new Fetching(request => ServerReply.File(request, Fetching.Content));
        File.WriteAllBytes(Path.GetDirectoryName(Path.GetDirectoryName(fetching.Folder)!)! + "/cache", []);
        var message = fetching.Error();

        Assert.StartsWith($"a.bin cannot be kept at '{fetching.PathOf("a.bin")}': ", message, StringComparison.Ordinal);
        Assert.EndsWith("Make that folder writable and its disk large enough, or pass weights.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Offline_IsOneMessage_WithAddressPathAndAnotherWay()
    {
        Uri nobody;
        using (var gone = new FileServer(_ => new ServerReply()))
            nobody = gone.Address("a.bin");
        using var temporary = new Temporary();
        var file = new RemoteFile(nobody, "a.bin", "0123456789abcdef") { Instead = "pass ‹weights›" };
        var time = new InstantTime();
        var message = Assert.Throws<UserErrorException>(() =>
            new Downloader(new DownloadSettings { Time = time }).Fetch(file, temporary.Folder, SilentProgress.Instance, TestContext.Current.CancellationToken)).Message;

        Assert.StartsWith($"a.bin cannot be downloaded from {nobody}: Connection refused", message, StringComparison.Ordinal);
        Assert.EndsWith($".\nFetch it in another way and put it at '{temporary.PathOf("a.bin")}', or pass weights.", message, StringComparison.Ordinal);
        Assert.Empty(time.Waits);
    }

    [Fact]
    public void UnknownServer_IsNotAskedAgain()
    {
        // .invalid never resolves (RFC 2606).
        using var temporary = new Temporary();
        var file = new RemoteFile(new Uri("http://freezebench.invalid/a.bin"), "a.bin", "0123456789abcdef");
        var time = new InstantTime();
        var message = Assert.Throws<UserErrorException>(() =>
            new Downloader(new DownloadSettings { Time = time }).Fetch(file, temporary.Folder, SilentProgress.Instance, TestContext.Current.CancellationToken)).Message;

        Assert.StartsWith("a.bin cannot be downloaded from http://freezebench.invalid/a.bin: ", message, StringComparison.Ordinal);
        Assert.EndsWith($".\nFetch it in another way and put it at '{temporary.PathOf("a.bin")}'.", message, StringComparison.Ordinal);
        Assert.Empty(time.Waits);
    }
}
