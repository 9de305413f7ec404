using Xunit;

namespace FreezeBench.Tests.Downloads;

/// <summary>What is asked for again, when, and from which byte on.</summary>
public class DownloadRetryTests
{
    [Theory]
    [InlineData("ETag", "\"one\"")]
    [InlineData("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT")]
    public void BrokenTransfer_GoesOnAfterItsLastByte(string header, string version)
    {
        using var fetching = new Fetching(request => ServerReply.File(request, Fetching.Content, version, header) is var reply && request.Number == 0
            ? reply with { SendsOnly = 150_000 }
            : reply);
        fetching.AssertFetched(fetching.Fetch());

        Assert.Equal(2, fetching.Server.Requests.Count);
        var there = fetching.Server.Requests[1].From!.Value;
        Assert.InRange(there, 1, 150_000);
        Assert.Equal(version, fetching.Server.Requests[1].IfRange);
        Assert.Equal(["begins a.bin 400000 0", $"ends {there}", $"begins a.bin 400000 {there}", $"ends {400_000 - there}"], fetching.Progress.Events);
        Assert.Matches(@"^a\.bin: .+; trying again in [\d.]+ s \(2 of 5\)\.$", Assert.Single(fetching.Progress.Lines));
    }

    [Fact]
    public void LaterProcess_GoesOnFromWhatAnEarlierOneLeft()
    {
        var isDown = true;
        using var fetching = new Fetching(request => ServerReply.File(request, Fetching.Content) is var reply && isDown
            ? reply with { SendsOnly = 0 }
            : reply);
        Directory.CreateDirectory(fetching.Folder);
        File.WriteAllBytes(fetching.PathOf("a.bin.part"), Fetching.Content[..123_456]);
        File.WriteAllText(fetching.PathOf("a.bin.part.version"), "\"one\"");

        Assert.Contains("(after 5 tries)", fetching.Error(), StringComparison.Ordinal);
        isDown = false;
        fetching.AssertFetched(fetching.Fetch());
        Assert.All(fetching.Server.Requests, request => Assert.Equal(123_456, request.From));
    }

    [Theory]
    [InlineData("W/\"one\"")]
    [InlineData(null)]
    public void VersionThatCannotBeTrusted_MeansStartingAgain(string? version)
    {
        using var fetching = new Fetching(request => new ServerReply
        {
            Headers = version is null ? new Dictionary<string, string>() : new() { ["ETag"] = version },
            Body = Fetching.Content,
            SendsOnly = request.Number == 0 ? 150_000 : null,
        });
        fetching.AssertFetched(fetching.Fetch());

        Assert.Null(fetching.Server.Requests[1].From);
    }

    [Fact]
    public void ServerThatIgnoresTheRange_StartsAgain()
    {
        using var fetching = new Fetching(request => new ServerReply
        {
            Headers = new Dictionary<string, string> { ["ETag"] = "\"one\"" },
            Body = Fetching.Content,
            SendsOnly = request.Number == 0 ? 150_000 : null,
        });
        fetching.AssertFetched(fetching.Fetch());

        Assert.NotNull(fetching.Server.Requests[1].From);
        Assert.Equal("begins a.bin 400000 0", fetching.Progress.Events[2]);
    }

    [Fact]
    public void FileThatChangedBetweenTheParts_StartsAgain()
    {
        var old = new byte[Fetching.Content.Length];
        using var fetching = new Fetching(request => request.Number == 0
            ? ServerReply.File(request, old, "\"old\"") with { SendsOnly = 150_000 }
            : ServerReply.File(request, Fetching.Content, "\"new\""));
        fetching.AssertFetched(fetching.Fetch());

        Assert.Equal("\"old\"", fetching.Server.Requests[1].IfRange);
        Assert.Equal(2, fetching.Server.Requests.Count);
    }

    [Fact]
    public void FileThatChangedUnderTheSameVersion_IsFetchedAgainWhole()
    {
        // The checksum alone can tell: half of each.
        var old = new byte[Fetching.Content.Length];
        using var fetching = new Fetching(request => request.Number == 0
            ? ServerReply.File(request, old) with { SendsOnly = 150_000 }
            : ServerReply.File(request, Fetching.Content));
        fetching.AssertFetched(fetching.Fetch());

        Assert.Equal(3, fetching.Server.Requests.Count);
        Assert.Null(fetching.Server.Requests[2].From);
    }

    [Fact]
    public void PartThatIsWhole_IsNotAskedForAgain()
    {
        using var fetching = new Fetching(_ => ServerReply.Refusal(500, "Never asked"));
        Directory.CreateDirectory(fetching.Folder);
        File.WriteAllBytes(fetching.PathOf("a.bin.part"), Fetching.Content);
        fetching.AssertFetched(fetching.Fetch(fetching.File(hasSize: true)));

        Assert.Empty(fetching.Server.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PartThatIsTooLong_IsThrownAway(bool hasSize)
    {
        using var fetching = new Fetching(request => request.From >= Fetching.Content.Length
            ? ServerReply.Refusal(416, "Range Not Satisfiable")
            : ServerReply.File(request, Fetching.Content));
        Directory.CreateDirectory(fetching.Folder);
        File.WriteAllBytes(fetching.PathOf("a.bin.part"), [.. Fetching.Content, 1]);
        File.WriteAllText(fetching.PathOf("a.bin.part.version"), "\"one\"");
        fetching.AssertFetched(fetching.Fetch(fetching.File(hasSize: hasSize)));

        Assert.Null(fetching.Server.Requests[^1].From);
    }

    [Fact]
    public void WrongPart_IsNotAppended()
    {
        using var fetching = new Fetching(request => ServerReply.File(request, Fetching.Content) is var reply && request.Number == 0
            ? reply with { SendsOnly = 150_000 }
            : request.Number == 1
                ? reply with { Headers = new Dictionary<string, string> { ["ETag"] = "\"one\"", ["Content-Range"] = "bytes 0-399999/400000" }, Body = Fetching.Content }
                : reply);
        fetching.AssertFetched(fetching.Fetch());

        Assert.Contains("another part than was asked for", fetching.Progress.Lines[1], StringComparison.Ordinal);
        Assert.Null(fetching.Server.Requests[2].From);
    }

    [Theory]
    [InlineData(408, "Request Timeout")]
    [InlineData(429, "Too Many Requests")]
    [InlineData(500, "Internal Server Error")]
    [InlineData(503, "Service Unavailable")]
    public void PassingRefusal_IsTriedAgain(int status, string reason)
    {
        using var fetching = new Fetching(request => request.Number < 2 ? ServerReply.Refusal(status, reason) : ServerReply.File(request, Fetching.Content));
        fetching.AssertFetched(fetching.Fetch());

        Assert.Equal(3, fetching.Server.Requests.Count);
        Assert.StartsWith($"a.bin: the server answered {status} ({reason}); trying again in ", fetching.Progress.Lines[0], StringComparison.Ordinal);
        Assert.EndsWith("(3 of 5).", fetching.Progress.Lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "Forbidden")]
    [InlineData(404, "Not Found")]
    [InlineData(410, "Gone")]
    public void FinalRefusal_IsNotTriedAgain(int status, string reason)
    {
        using var fetching = new Fetching(_ => ServerReply.Refusal(status, reason));
        Assert.Equal($"a.bin cannot be downloaded from {fetching.Server.Address("a.bin")}: the server answered {status} ({reason}).\n"
            + $"Fetch it in another way and put it at '{fetching.PathOf("a.bin")}', or pass weights.", fetching.Error());
        Assert.Single(fetching.Server.Requests);
    }

    [Fact]
    public void Waits_GrowAndHaveALimit()
    {
        using var fetching = new Fetching(_ => ServerReply.Refusal(503, "Service Unavailable"));
        var message = fetching.Error(settings: new() { Attempts = 9, FirstDelay = TimeSpan.FromSeconds(1), LongestDelay = TimeSpan.FromSeconds(8) });

        Assert.Contains("the server answered 503 (Service Unavailable) (after 9 tries)", message, StringComparison.Ordinal);
        Assert.Equal(9, fetching.Server.Requests.Count);
        Assert.Equal(8, fetching.Time.Waits.Count);
        Assert.All(fetching.Time.Waits, wait => Assert.InRange(wait, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(8)));
        // With jitter a single wait may be short; four and four differ by far more than it can.
        Assert.True(fetching.Time.Waits.Skip(4).Sum(wait => wait.TotalSeconds) > fetching.Time.Waits.Take(4).Sum(wait => wait.TotalSeconds));
    }

    [Fact]
    public void ServersOwnWait_IsKept()
    {
        using var fetching = new Fetching(request => request.Number == 0
            ? ServerReply.Refusal(429, "Too Many Requests", retryAfter: "77")
            : ServerReply.File(request, Fetching.Content));
        fetching.AssertFetched(fetching.Fetch());

        Assert.Equal([TimeSpan.FromSeconds(77)], fetching.Time.Waits);
        Assert.Equal(["a.bin: the server answered 429 (Too Many Requests); trying again in 77 s (2 of 5)."], fetching.Progress.Lines);
    }

    [Fact]
    public void LongWaitOfTheServer_IsTheUsersMatter()
    {
        using var fetching = new Fetching(_ => ServerReply.Refusal(503, "Service Unavailable", retryAfter: "3600"));
        Assert.Contains("the server answered 503 (Service Unavailable) and asks to wait 3600 s.\n", fetching.Error(), StringComparison.Ordinal);
        Assert.Empty(fetching.Time.Waits);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(150_000)]
    public void StalledTransfer_IsGivenUp_AndGoneOnFrom(int bytes)
    {
        using var fetching = new Fetching(request => ServerReply.File(request, Fetching.Content) is var reply && request.Number == 0
            ? reply with { SendsOnly = bytes, Stalls = true }
            : reply);
        fetching.AssertFetched(fetching.Fetch(settings: new() { Stall = TimeSpan.FromSeconds(0.5) }));

        Assert.StartsWith("a.bin: nothing came for 0.5 s; trying again in ", fetching.Progress.Lines[0], StringComparison.Ordinal);
    }
}
