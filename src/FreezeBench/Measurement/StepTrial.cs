using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;
using FreezeBench.Training;

namespace FreezeBench.Measurement;

/// <summary>What is asked of a training step on a GPU in steps of its own, after the measured ones. What cannot be had is null: nothing here fails a case.</summary>
public static class StepTrial
{
    private const int Rounds = 7, StepsOfAWait = 10;

    // Time on a GPU is dear, and steps of a second need no seven rounds.
    internal static TimeSpan Enough { get; } = TimeSpan.FromSeconds(3);

    /// <summary>Who bounds a step: in turn one step with a wait, and ten with one wait at their end; medians of seven rounds, of fewer where they take three seconds.</summary>
    /// <param name="step">Issues a step; it does not wait for the device.</param>
    /// <param name="wait">Waits for the device.</param>
    /// <param name="time">The host's clock.</param>
    /// <returns>Null where a step fails or takes no time.</returns>
    public static StepBound? Bound(Action step, Action wait, TimeProvider time) => Tried(() =>
    {
        var (single, issue, inRow) = (new List<double>(), new List<double>(), new List<double>());
        wait();
        var begin = time.GetTimestamp();
        while (single.Count == 0 || single.Count < Rounds && time.GetElapsedTime(begin) < Enough)
        {
            var start = time.GetTimestamp();
            step();
            issue.Add(time.GetElapsedTime(start).TotalMilliseconds);
            wait();
            single.Add(time.GetElapsedTime(start).TotalMilliseconds);
            start = time.GetTimestamp();
            for (var number = 0; number < StepsOfAWait; number++)
                step();
            wait();
            inRow.Add(time.GetElapsedTime(start).TotalMilliseconds / StepsOfAWait);
        }
        return Median(inRow) > 0 ? new StepBound(Median(single), Median(inRow), Median(issue)) : null;
    });

    /// <summary>Time of each phase on the GPU in ms by its name, from events in its stream (<see cref="EventPhases.Measure"/>).</summary>
    /// <param name="runtime">Path of the CUDA runtime; null: there is none.</param>
    /// <param name="device">The GPU's index.</param>
    /// <param name="step">Issues a step.</param>
    /// <param name="time">The host's clock.</param>
    /// <returns>Null where the runtime does not tell, or a step fails.</returns>
    public static IReadOnlyDictionary<string, double>? DeviceTimesMs(string? runtime, int device, Action<IPhaseObserver> step, TimeProvider time) => Tried(() =>
    {
        using var events = runtime is null ? null : EventPhases.TryOpen(runtime, device);
        return events?.Measure(step, time).Index().ToDictionary(phase => StepPhases.All[phase.Index].Name(), phase => phase.Item);
    });

    // Whatever a driver or libtorch throws here, the case has been measured.
    private static T? Tried<T>(Func<T?> trial) where T : class
    {
        try
        {
            return trial();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static double Median(List<double> values) => SampleSummary.Of(values).Median;
}
