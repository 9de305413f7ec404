namespace FreezeBench.Results.Tests.Machine;

/// <summary>A clock that stands still until it is told to go on.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => ticks;

    internal void Advance(double seconds) => ticks += TimeSpan.FromSeconds(seconds).Ticks;
}
