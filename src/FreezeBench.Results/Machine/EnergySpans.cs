namespace FreezeBench.Results.Machine;

/// <summary>Adds up the energy of spans of time: of all measured iterations, say, without what lies between them.</summary>
/// <remarks>Not for several threads. A counter that is brought up to date every so often is late at both ends of a span; over many
/// spans that evens out, and spans that are too short altogether have no energy.</remarks>
/// <param name="meter">Null where nobody tells: then everything is unknown.</param>
/// <param name="time">Measures how long the spans are.</param>
public sealed class EnergySpans(EnergyMeter? meter, TimeProvider time)
{
    private (double Joules, long Timestamp)? begun;
    private double joules;
    private TimeSpan duration;
    private bool lost;

    /// <summary>The same by the system's clock.</summary>
    public EnergySpans(EnergyMeter? meter) : this(meter, TimeProvider.System)
    {
    }

    /// <summary>Energy of all spans in J; null where the meter did not answer at one of their ends, they were too short for it
    /// (<see cref="EnergyMeter.ShortestSpan"/>), or its counter stood still, as some virtual machines' does.</summary>
    public double? Joules => meter is null || lost || begun is not null || duration < meter.ShortestSpan || joules <= 0 ? null : joules;

    /// <summary>Who told: the meter's source, or unknown where <see cref="Joules"/> is null.</summary>
    public string Source => Joules is null ? Unknown.Text : meter!.Source;

    /// <summary>A span begins; everything issued before is done.</summary>
    public void Begin()
    {
        if (meter is null)
            return;
        if (meter.ReadJoules() is { } now)
            begun = (now, time.GetTimestamp());
        else
            lost = true;
    }

    /// <summary>It ends; its work is done. Without a beginning nothing happens.</summary>
    public void End()
    {
        if (begun is not { } start)
            return;
        duration += time.GetElapsedTime(start.Timestamp);
        if (meter!.ReadJoules() is { } now)
            joules += now - start.Joules;
        else
            lost = true;
        begun = null;
    }
}
