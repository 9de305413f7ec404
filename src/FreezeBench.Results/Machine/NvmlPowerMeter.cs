namespace FreezeBench.Results.Machine;

/// <summary>Energy of a GPU that has no counter of it: readings of its power, each two joined by a straight line.</summary>
/// <remarks>As fine as it is read often: <c>DeviceWatch</c> reads it four times a second.</remarks>
/// <param name="readMilliwatts">The driver's average power, in mW; null where it does not answer.</param>
/// <param name="time">Gives the time of each reading.</param>
internal sealed class NvmlPowerMeter(Func<long?> readMilliwatts, TimeProvider time) : EnergyMeter
{
    private double joules;
    private (long Timestamp, double Watts)? last;
    private bool lost;

    public override string Source => NvmlPower;

    // The driver gives an average of about the last second, so that both ends of a span are a second late.
    public override TimeSpan ShortestSpan { get; } = TimeSpan.FromSeconds(5);

    protected override double? Read()
    {
        if (lost || readMilliwatts() is not { } milliwatts)
        {
            // A sum with a hole in it would pass for a small one.
            lost = true;
            return null;
        }
        var (now, watts) = (time.GetTimestamp(), milliwatts / 1000.0);
        if (last is { } before)
            joules += (before.Watts + watts) / 2 * time.GetElapsedTime(before.Timestamp, now).TotalSeconds;
        last = (now, watts);
        return joules;
    }
}
