namespace FreezeBench.Downloads;

/// <summary>How patient a download is.</summary>
public sealed record DownloadSettings
{
    /// <summary>Transfers that are tried before the download counts as failed, 2 or more.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>About the wait before the first retry; each further one is about twice as long, with a random part.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>No wait is longer, except one that the server asks for.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A server that asks for a longer wait (Retry-After) is not waited for: the user is told at once.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A connection is given up when nothing came for so long: no answer, or not one more byte.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a process that waits for another one's download looks again.</summary>
    public TimeSpan LockPoll { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The most bytes that are taken where neither caller nor server states a size.</summary>
    public long MostBytes { get; init; } = 4L << 30;

    /// <summary>The clock of the waits between transfers; tests give one that does not wait.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
