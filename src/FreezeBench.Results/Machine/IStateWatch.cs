namespace FreezeBench.Results.Machine;

/// <summary>Collects what a device's sensors show while something is measured.</summary>
/// <remarks>Not for several threads: whoever samples from a timer locks.</remarks>
public interface IStateWatch
{
    /// <summary>What was seen between <see cref="BeginSpan"/> and <see cref="EndSpan"/>, over all such spans.</summary>
    WatchedState State { get; }

    /// <summary>A measured span begins.</summary>
    void BeginSpan();

    /// <summary>Reads the sensors; outside a measured span they say nothing about it, and the state stays as it is.</summary>
    void Sample();

    /// <summary>It ends; the sensors are read once more, while the device is still warm.</summary>
    void EndSpan();
}
