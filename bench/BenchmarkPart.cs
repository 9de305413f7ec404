using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using FreezeBench.Benchmarks.Output;
using FreezeBench.Benchmarks.Running;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using FreezeBench.Torch.Hardware;

namespace FreezeBench.Benchmarks;

/// <summary>One standard workload of a run, or its one size of the user's own, and what its rounds have measured.</summary>
/// <param name="settings">Of its cases.</param>
/// <param name="suites">Names of its suites.</param>
/// <param name="artifacts">Folder for BenchmarkDotNet's own files.</param>
/// <param name="theirs">What the user asks of BenchmarkDotNet.</param>
internal sealed class BenchmarkPart(BenchmarkSettings settings, IReadOnlyList<string> suites, string artifacts, IConfig theirs)
{
    private readonly List<IReadOnlyList<BenchmarkRow>> rounds = [];
    private IReadOnlyList<CaseTime> times = [];
    private readonly Dictionary<(string RunId, CaseSettings Case), IReadOnlyList<double>> samples = [];

    internal BenchmarkSettings Settings => settings;

    /// <summary>Rows of each round that measured something.</summary>
    internal IReadOnlyList<IReadOnlyList<BenchmarkRow>> Rounds => rounds;

    /// <summary>Whether no further round measures it: one has ended without a row and the next would fare no better, or it does not fit into the time.</summary>
    internal bool GivenUp { get; set; }

    /// <summary>The most that a round of another part takes, by the times of this one's first round: both have the same cases.</summary>
    internal TimeSpan LongestOf(BenchmarkPart other)
    {
        var work = Math.Max(1, Pixels(other.Settings) / Pixels(settings));
        return times.Aggregate(TimeSpan.Zero, (sum, time) => sum + time.With(work));
    }

    /// <summary>Samples in ms of a row of <see cref="Rounds"/>.</summary>
    internal IReadOnlyList<double> SamplesOf(BenchmarkRow row) => samples[(row.RunId, CaseSettings.Of(row))];

    /// <summary>The cases of a round; the settings are published for them.</summary>
    /// <param name="round">From 1: BenchmarkDotNet names its files by class and second, and so two rounds could meet in them.</param>
    /// <exception cref="UserErrorException">The user's filter leaves none.</exception>
    internal BenchmarkRunInfo[] Plan(int round)
    {
        settings.Publish();
        return BenchmarkRun.Plan(suites, Config(round));
    }

    /// <summary>BenchmarkDotNet's configuration of a round.</summary>
    internal IConfig Config(int round) => ManualConfig.Union(SuiteConfig.Create(settings.Quick, FormattableString.Invariant($"{artifacts}-{round}"), settings.Device != "cpu"), theirs);

    /// <summary>Measures all cases once.</summary>
    /// <remarks>The rows of a case are written when it has ended: whoever ends the program, or takes the machine away, leaves what was measured.</remarks>
    /// <param name="round">From 1.</param>
    /// <param name="reporter">Told of the progress.</param>
    /// <param name="classes">Of the data.</param>
    /// <param name="device">As chosen.</param>
    /// <param name="write">Makes the rows of a case and writes them.</param>
    /// <returns>What failed, and how many cases did not run.</returns>
    internal (CaseEvaluation Evaluation, int NotRun) Measure(
        int round, ProgressReporter reporter, int classes, DeviceChoice device, Func<IReadOnlyList<BenchmarkMeasurement>, IReadOnlyList<BenchmarkRow>> write)
    {
        var (plan, evaluation, rows) = (Plan(round), new CaseEvaluation(new CaseMeasurements(settings, classes, device)), new List<BenchmarkRow>());
        reporter.OnReport = report =>
        {
            var measured = evaluation.Of(report);
            foreach (var (row, measurement) in write(measured).Zip(measured))
            {
                samples[(row.RunId, CaseSettings.Of(row))] = measurement.SamplesMs;
                rows.Add(row);
            }
        };
        var reports = BenchmarkRun.Run(BenchmarkRun.WithEvents(plan, reporter));
        if (round == 1)
            times = reporter.Times;
        if (rows is [])
            GivenUp = true;
        else
            rounds.Add(rows);
        return (evaluation, plan.Sum(info => info.BenchmarksCases.Length) - reports.Count);
    }

    // What a convolution computes goes by them. Of an epoch; the steps of unlike workloads differ as their epochs do.
    private static double Pixels(BenchmarkSettings settings) => (double)settings.ImagesPerEpoch * settings.ResolutionPx * settings.ResolutionPx;
}
