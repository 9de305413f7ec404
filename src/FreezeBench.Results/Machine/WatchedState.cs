namespace FreezeBench.Results.Machine;

/// <summary>What was seen of a device's state while it worked. Null is unknown.</summary>
public sealed record WatchedState
{
    /// <summary>The text of reasons where the device was watched and nothing held it down.</summary>
    public const string NoReasons = "none";

    /// <summary>Nothing is known.</summary>
    public static WatchedState None { get; } = new();

    /// <summary>Whether heat or power held the clocks down at any time. A CPU tells of heat alone, and only Intel's.</summary>
    public bool? Throttled { get; init; }

    /// <summary>Highest temperature in degrees Celsius.</summary>
    public double? TemperatureMaxC { get; init; }

    /// <summary>Lowest clock in MHz: of a GPU's multiprocessors, or of the CPU's cores at work.</summary>
    public double? ClockMinMhz { get; init; }

    /// <summary>Clock of a GPU's multiprocessors in MHz before the first measured span.</summary>
    public double? ClockStartMhz { get; init; }

    /// <summary>The same after the last one.</summary>
    public double? ClockEndMhz { get; init; }

    /// <summary>What held the clocks down: words of <see cref="ThrottleReasonNames"/> in ordinal order, joined by <c>+</c>;
    /// <see cref="NoReasons"/> where nothing did, unknown where nobody tells.</summary>
    public string ThrottleReasons { get; init; } = Unknown.Text;
}
