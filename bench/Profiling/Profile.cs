using FreezeBench.Benchmarks.Layers;
using FreezeBench.Freezing;
using FreezeBench.Measurement;
using FreezeBench.Results.Statistics;
using FreezeBench.Torch.Hardware;
using FreezeBench.Training;

namespace FreezeBench.Benchmarks.Profiling;

/// <summary>The profile of a policy's step.</summary>
/// <param name="Rows">In the order in which they run.</param>
/// <param name="UndisturbedMs">Medians of the same phases in steps without a wait at every layer, measured in turn with the others.</param>
public sealed record Profile(IReadOnlyList<ProfileRow> Rows, IReadOnlyDictionary<StepPhase, double> UndisturbedMs)
{
    /// <summary>How many times as long a phase took with the waits: 1 is undisturbed.</summary>
    public double Disturbance(StepPhase phase) => Rows.Where(row => row.Phase == phase).Sum(row => row.MedianMs) / UndisturbedMs[phase];

    /// <summary>Steps with and without the waits, in turn, so that both see the same machine.</summary>
    /// <param name="trainer">Ready to step.</param>
    /// <param name="clock">Of its device.</param>
    /// <param name="warmUps">Rounds that do not count.</param>
    /// <param name="rounds">Rounds that do.</param>
    public static Profile Of(Trainer trainer, DeviceClock clock, int warmUps, int rounds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        var (phases, layers) = (new PhaseRecorder(clock), new LayerClock(clock.Now));
        var undisturbed = StepPhases.All.ToDictionary(phase => phase, _ => new List<double>());
        OrderedDictionary<(StepPhase Phase, string Layer), List<double>> times = [];
        for (var round = -warmUps; round < rounds; round++)
        {
            var number = (round + warmUps) % trainer.FullStepsPerEpoch;
            trainer.Step(number, phases);
            using (new LayerHooks(trainer.Network, layers, layers))
                trainer.Step(number, layers);
            if (round < 0)
                continue;
            foreach (var phase in StepPhases.All)
                undisturbed[phase].Add(phases.LastMs(phase));
            foreach (var (phase, layer, ms) in layers.Times)
            {
                if (!times.TryGetValue((phase, layer), out var values))
                    times.Add((phase, layer), values = []);
                values.Add(ms);
            }
        }
        return new Profile(Summarised(trainer.Network.Policy, times), undisturbed.ToDictionary(entry => entry.Key, entry => SampleSummary.Of(entry.Value).Median));
    }

    private static List<ProfileRow> Summarised(FreezingPolicy policy, OrderedDictionary<(StepPhase Phase, string Layer), List<double>> times)
    {
        var summaries = times.Select(entry => (entry.Key, Summary: SampleSummary.Of(entry.Value))).ToList();
        var whole = summaries.Sum(entry => entry.Summary.Median);
        return summaries.ConvertAll(entry => new ProfileRow(
            policy.Name, entry.Key.Phase, entry.Key.Layer, entry.Summary.Median, entry.Summary.Min, entry.Summary.Count, entry.Summary.Median / whole));
    }
}
