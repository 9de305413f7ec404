using System.Security.Cryptography;
using FreezeBench.Downloads;
using FreezeBench.Results;
using Xunit;

namespace FreezeBench.Tests.Downloads;

/// <summary>A folder, a server and what is needed to fetch a file from one to the other.</summary>
internal sealed class Fetching : IDisposable
{
    private readonly Temporary temporary = new();

    internal Fetching(Func<ServerRequest, ServerReply> answer) => Server = new FileServer(answer);

    internal FileServer Server { get; }

    internal InstantTime Time { get; } = new();

    internal RecordingProgress Progress { get; init; } = new();

    /// <summary>Of any length that takes several reads, and no two places alike.</summary>
    internal static byte[] Content { get; } = [.. Enumerable.Range(0, 400_000).Select(place => (byte)((place * 31) + (place / 251)))];

    internal string Folder => Path.Combine(temporary.Folder, "cache", "weights");

    internal string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>The file as it is expected.</summary>
    internal RemoteFile File(byte[]? content = null, bool hasSize = false, int digits = 64) => new(
        Server.Address("a.bin"), "a.bin", Hash(content ?? Content)[..digits], hasSize ? (content ?? Content).Length : null)
    { Instead = "pass ‹weights›" };

    internal string Fetch(RemoteFile? file = null, DownloadSettings? settings = null) =>
        new Downloader((settings ?? new DownloadSettings()) with { Time = Time }).Fetch(file ?? File(), Folder, Progress, TestContext.Current.CancellationToken);

    internal string FetchUntil(CancellationToken stop) => new Downloader().Fetch(File(), Folder, Progress, stop);

    internal string Error(RemoteFile? file = null, DownloadSettings? settings = null) =>
        Assert.Throws<UserErrorException>(() => Fetch(file, settings)).Message;

    /// <summary>The content is there, and nothing of the transfer is left but the lock.</summary>
    internal void AssertFetched(string path)
    {
        Assert.Equal(PathOf("a.bin"), path);
        Assert.Equal(Content, System.IO.File.ReadAllBytes(path));
        Assert.Equal(["a.bin", "a.bin.lock"], Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    internal static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public void Dispose()
    {
        Server.Dispose();
        temporary.Dispose();
    }
}
