namespace FreezeBench.Measurement;

/// <summary>Work before the first measurement, so that a GPU's clocks, temperature and power limit are where they stay.</summary>
public static class Preheating
{
    /// <summary>For a GPU: its clocks are up in tenths of a second, and a limited board's power has settled after a second or two.</summary>
    public static TimeSpan OnCuda { get; } = TimeSpan.FromSeconds(2);

    /// <summary>Works for so long, and once at least.</summary>
    /// <param name="atLeast">How long.</param>
    /// <param name="work">Returns when its work is done, not when it is issued.</param>
    /// <param name="time">Measures it.</param>
    /// <returns>How often it has worked.</returns>
    public static int For(TimeSpan atLeast, Action work, TimeProvider time)
    {
        var (start, count) = (time.GetTimestamp(), 0);
        do
        {
            work();
            count++;
        }
        while (time.GetElapsedTime(start) < atLeast);
        return count;
    }
}
