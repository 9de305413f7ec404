using System.Diagnostics.Tracing;
using BenchmarkDotNet.Engines;
using FreezeBench.Measurement;
using FreezeBench.Results.Machine;

namespace FreezeBench.Benchmarks.Suites;

/// <summary>
/// Reads energy and sensors at the beginning and at the end of every measured iteration, outside its clock. BenchmarkDotNet tells
/// of them by events, which come on its own thread right before the clock starts and right after it has stopped; its set-up
/// and clean-up methods of iterations would force one call for each.
/// </summary>
/// <remarks>Warm-up, pilot and the collection of garbage between iterations are not in it.</remarks>
public sealed class MeasuredIterations : EventListener
{
    private readonly DeviceWatch watch;
    private readonly EnergySpans energy;
    private bool within;

    /// <summary>Listens from now on.</summary>
    /// <param name="watch">Told when iterations begin and end; not owned.</param>
    /// <param name="time">Measures whether they are long enough for the energy counter.</param>
    public MeasuredIterations(DeviceWatch watch, TimeProvider time)
    {
        this.watch = watch;
        energy = new EnergySpans(watch.Energy, time);
        // Not by overriding OnEventSourceCreated, which the base class calls before the fields are set. This also tells of sources
        // that are there already.
        EventSourceCreated += (_, created) =>
        {
            if (created.EventSource is { } source && IsEngine(source))
                EnableEvents(source, EventLevel.Informational);
        };
    }

    /// <summary>Listens from now on, by the system's clock.</summary>
    public static MeasuredIterations Of(DeviceWatch watch) => new(watch, TimeProvider.System);

    /// <summary>Measured iterations that have ended.</summary>
    public int Count { get; private set; }

    /// <summary>Operations in them.</summary>
    public long Operations { get; private set; }

    /// <summary>Energy of one operation in J, the mean of all measured ones: the counters are too slow to tell it of a short one.</summary>
    public double? JoulesPerOperation => Operations > 0 ? energy.Joules / Operations : null;

    /// <summary>Who told it, or unknown.</summary>
    public string EnergySource => energy.Source;

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // Sources that the base class enables by itself tell too.
        if (!IsEngine(eventData.EventSource))
            return;
        if (eventData.EventId == EngineEventSource.WorkloadActualStartEventId)
        {
            within = true;
            watch.Begin();
            // The counter last, and at the end first: the sensors' own reading is not to be in it.
            energy.Begin();
        }
        else if (eventData.EventId == EngineEventSource.WorkloadActualStopEventId && within)
        {
            energy.End();
            watch.End();
            within = false;
            Count++;
            Operations += (long)eventData.Payload![0]!;
        }
    }

    private static bool IsEngine(EventSource source) => source.Name == EngineEventSource.SourceName;
}
