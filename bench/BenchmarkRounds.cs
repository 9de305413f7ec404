using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Running;
using FreezeBench.Accuracy.Output;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Benchmarks.Output;
using FreezeBench.Benchmarks.Running;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Benchmarks.Suites;
using FreezeBench.Freezing;
using FreezeBench.Measurement;
using FreezeBench.Networks.Catalog;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Workloads;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Training;
using Spectre.Console;
using TorchSharp;

namespace FreezeBench.Benchmarks;

/// <summary>Measures the parts of a run in rounds, writes their rows as they come, and says what came of it.</summary>
/// <param name="parts">One or more.</param>
/// <param name="suites">Their suites.</param>
/// <param name="session">Not owned.</param>
/// <param name="count">Rounds.</param>
/// <param name="output">The answer.</param>
/// <param name="progress">What happens meanwhile.</param>
/// <param name="limit">What a round is to take: after the first, parts are measured that fit into it. Null: all are.</param>
internal sealed class BenchmarkRounds(
    IReadOnlyList<BenchmarkPart> parts, IReadOnlyList<string> suites, RunSession session, int count, IAnsiConsole output, IAnsiConsole progress, TimeSpan? limit)
{
    private readonly List<WorkloadOffer> beyondLimit = [];
    private readonly HashSet<string> told = new(StringComparer.Ordinal);
    private readonly List<string> failures = [];
    private readonly List<string> shortages = [];
    private int notRun;
    private bool isDescribed;

    /// <summary>Measures, writes and tells.</summary>
    /// <param name="leftOut">Standard workloads that are not measured.</param>
    /// <param name="artifacts">Where BenchmarkDotNet's files are.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="UserErrorException">The data or a network cannot be used; or cases did not fit into memory, after the others are measured and written.</exception>
    internal int Measure(IReadOnlyList<WorkloadOffer> leftOut, string artifacts)
    {
        var plans = parts.Select(part => part.Plan(round: 1).SelectMany(info => info.BenchmarksCases).ToList()).ToList();
        var (environment, stamp, store) = session.Begin(TorchEnvironment.PackageVersion(typeof(BenchmarkRunner).Assembly));
        List<int> classes = [];
        foreach (var (part, plan) in parts.Zip(plans))
        {
            classes.Add(CheckData(part.Settings));
            CheckNetwork(part.Settings, classes[^1]);
            foreach (var benchmark in plan.DistinctBy(benchmark => (SuiteCatalog.PolicyOf(benchmark), SuiteCatalog.SizeOf(benchmark))))
                NarrowImageRefusal.ThrowIfAny(
                    NetworkCatalog.Parse(part.Settings.Backbone), classes[^1], (SuiteCatalog.SizeOf(benchmark) ?? part.Settings.Size).ResolutionPx, SuiteCatalog.PolicyOf(benchmark),
                    Precision.Parse(part.Settings.Precision), session.Device.Type);
        }
        Announce(limit is null ? plans.Sum(plan => plan.Count) : plans[0].Count, stamp.Git);
        var clock = Stopwatch.StartNew();
        for (var round = 1; round <= count; round++)
        {
            if (count > 1)
                progress.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"round {round} of {count}");
            // Everything else is as it was at the start: what the run itself writes must not turn its later rows dirty.
            var now = DateTimeOffset.UtcNow;
            MeasureRound(round, [.. plans.Select(plan => plan.Count)], classes, measured => Write(store, environment, measured, round == 1 ? stamp : stamp with { RunId = RunId.New(now), UtcTime = now }));
        }

        var rows = parts.Sum(part => part.Rounds.Sum(measured => measured.Count));
        Tell([.. StandardWorkloads.All.Join(leftOut.Concat(beyondLimit), workload => workload, offer => offer.Workload, (_, offer) => offer)]);
        if (rows > 0)
            output.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{rows} rows in {Path.Combine(store.Folder, BenchmarkRow.FileName)} ({clock.Elapsed.TotalSeconds:0} s)");
        var failed = ReportFailures(artifacts);
        // Last, and not instead: what did fit is measured and on disk by now.
        if (shortages is not [])
            throw new UserErrorException(string.Join("\n\n", shortages.Distinct()));
        return failed ? CommandLineHost.RunFailed : 0;
    }

    private void MeasureRound(int round, IReadOnlyList<int> cases, List<int> classes, Func<IReadOnlyList<BenchmarkMeasurement>, IReadOnlyList<BenchmarkRow>> write)
    {
        var done = 0;
        var clock = Stopwatch.StartNew();
        foreach (var (index, part) in parts.Index().Where(item => !item.Item.GivenUp))
        {
            if (round == 1 && BeyondLimit(part, clock.Elapsed) is { } beyond)
            {
                part.GivenUp = true;
                beyondLimit.Add(beyond);
                continue;
            }
            // Of the first round nobody knows yet which of the others fit into the limit.
            var total = done + (limit is not null && round == 1 ? cases[index] : parts.Zip(cases).Skip(index).Where(pair => !pair.First.GivenUp).Sum(pair => pair.Second));
            var place = count > 1 ? string.Create(CultureInfo.InvariantCulture, $"round {round} of {count} ") : "";
            (CaseEvaluation Evaluation, int NotRun) Measured(Action<string> nowRunning)
            {
                var reporter = new ProgressReporter(progress, total, text => nowRunning(place + text), done);
                var result = part.Measure(round, reporter, classes[index], session.Device, write);
                done = reporter.Ended;
                return result;
            }
            if (parts.Count > 1)
                progress.MarkupLineInterpolated($"workload {Standard(part.Settings)?.Name}");
            // Where nobody watches, a status would only repeat the lines.
            var (evaluation, missing) = progress.Profile.Capabilities.Interactive && progress.Profile.Out.IsTerminal
                ? progress.Status().Start("Starting", context => Measured(text => context.Status(text)))
                : Measured(_ => { });
            failures.AddRange(evaluation.Failures.Select(failure => place + failure));
            shortages.AddRange(evaluation.Shortages);
            notRun += missing;
        }
    }

    // Null where the part fits, or is the one that is measured however long it takes.
    private WorkloadOffer? BeyondLimit(BenchmarkPart part, TimeSpan elapsed) =>
        limit is { } longest && part != parts[0] && parts[0].LongestOf(part) is var more && elapsed + more > longest
            ? new(Standard(part.Settings)!, Impossible: null, $"it could take {RunText.Duration(more)} after the {RunText.Duration(elapsed)} before it, and a round has {RunText.Duration(longest)}")
            : null;

    private void Tell(IReadOnlyList<WorkloadOffer> leftOut)
    {
        foreach (var part in parts.Where(part => part.Rounds is not []))
            new SummaryTables(RoundRows.Middle(part.Rounds), part.SamplesOf).Write(output);
        if (count > 1 && parts.Any(part => part.Rounds.Count > 1))
            output.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[grey]Of {count} rounds, each case's row in the middle.[/]");
        WorkloadList.WriteLeftOut(output, leftOut);
        // By round, over the parts.
        List<IReadOnlyList<BenchmarkRow>> rounds = [.. parts.SelectMany(part => part.Rounds).SelectMany(rows => rows).GroupBy(row => row.RunId).Select(rows => rows.ToList())];
        if (rounds is [])
            return;
        var quality = new RunQuality(rounds);
        output.WriteLine(quality.Noise);
        output.WriteLine(quality.Verdict);
    }

    private static StandardWorkload? Standard(BenchmarkSettings settings) => StandardWorkloads.All.FirstOrDefault(workload => settings == settings.For(workload));

    // As the data, and on the CPU too: a network that cannot be measured ends in one message.
    private void CheckNetwork(BenchmarkSettings settings, int classes)
    {
        var network = NetworkCatalog.Parse(settings.Backbone);
        CaseSize[] sizes = [.. suites.Contains(SuiteNames.Scaling) ? settings.ScalingSizes : [], settings.Size];
        foreach (var resolutionPx in sizes.Select(size => size.ResolutionPx).Distinct())
            network.Build(classes, resolutionPx).Dispose();
        foreach (var size in sizes)
            LoneImage.ThrowIfNormalised(network, settings.Policies.Select(FreezingPolicy.Parse), classes, size.ResolutionPx, settings.ImagesPerEpoch, size.BatchSize);
    }

    // Reads the data once here, so that a bad file ends in one message instead of a failed case for every policy.
    private int CheckData(BenchmarkSettings settings)
    {
        var images = ImagesOf(settings);
        // In the host's memory, whatever the device of the cases is: this process is not to touch a GPU, which may be one for a single process.
        using var data = BenchmarkData.Load(settings, images, torch.CPU);
        if (data.Count >= images)
            return data.Classes;
        throw new UserErrorException(data.Count >= settings.ImagesPerEpoch
            ? string.Create(CultureInfo.InvariantCulture, $"Suite {SuiteNames.Scaling} needs {images} images at these sizes, but the training set has {data.Count}. Pass smaller --batch-sizes and --batch-size.")
            : string.Create(CultureInfo.InvariantCulture, $"--images-per-epoch is {settings.ImagesPerEpoch}, but the training set has {data.Count} images. Pass {data.Count} or fewer."));
    }

    private int ImagesOf(BenchmarkSettings settings) => suites.Contains(SuiteNames.Scaling)
        ? Math.Max(
            CostModelSuite.EpochLengths(settings.BatchSize, settings.ImagesPerEpoch).Append(settings.ImagesPerEpoch).Max(),
            ScalingSuite.BatchesOfImages * settings.ScalingSizes.Max(size => size.BatchSize))
        : settings.ImagesPerEpoch;

    private void Announce(int cases, GitState git)
    {
        var settings = parts[0].Settings;
        progress.MarkupLineInterpolated($"device      {session.Device.Description}");
        foreach (var part in parts)
            if (Standard(part.Settings) is { } workload)
                progress.MarkupLineInterpolated($"workload    {workload.Name} ({StandardWorkloads.Version}){(limit is { } longest && part != parts[0] ? $", where it fits into {RunText.Duration(longest)}" : "")}");
        if (parts is [var only] && Standard(settings) is null)
        {
            progress.MarkupLineInterpolated($"precision   {session.Arithmetic}");
            progress.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"images      {only.Settings.DatasetLabel}, {settings.ResolutionPx} px, batch {settings.BatchSize}{(settings.AutoBatch ? " or the half of it that fits" : "")}, {settings.ImagesPerEpoch} an epoch: no standard workload");
        }
        progress.MarkupLineInterpolated($"network     {settings.Backbone}, {string.Join(" and ", settings.Kernels)} kernels, {string.Join(" and ", settings.Kernels.Select(settings.MemoryFormatOf).Distinct())}, {settings.Threads} threads");
        progress.MarkupLineInterpolated($"policies    {string.Join(", ", settings.Policies)}");
        progress.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"cases       {cases}{(limit is not null && parts.Count > 1 ? " a workload" : "")}, each in a process of its own{(count > 1 ? $", in each of {count} rounds" : "")}");
        if (git.Dirty == true)
            progress.MarkupLineInterpolated($"[yellow]{RunSession.DirtyWarning}[/]");
    }

    private List<BenchmarkRow> Write(ResultStore store, EnvironmentRecord environment, IReadOnlyList<BenchmarkMeasurement> measured, RunStamp stamp)
    {
        List<BenchmarkRow> rows = [.. measured.Select(measurement => measurement.ToRow(stamp))];
        if (rows is [])
            return rows;
        // With the first rows: a folder without any is not to be.
        foreach (var difference in isDescribed ? [] : store.WriteEnvironment(environment))
            progress.MarkupLineInterpolated($"[yellow]{difference}[/]");
        isDescribed = true;
        foreach (var smaller in rows.Where(row => row.BatchSize < row.AskedBatchSize)
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Policy}: batch size {row.BatchSize}, since {row.AskedBatchSize} did not fit into memory (--auto-batch).")).Where(told.Add))
            progress.MarkupLineInterpolated($"[yellow]{smaller}[/]");
        // In one step: a summary never stands in the results without what it was made from, nor samples without their summary.
        store.Append<SampleRow, BenchmarkRow>([.. measured.SelectMany(measurement => measurement.ToSampleRows(stamp))], rows);
        return rows;
    }

    private bool ReportFailures(string artifacts)
    {
        foreach (var failure in failures)
            progress.MarkupLineInterpolated($"[red]Failed:[/] {failure}");
        if (notRun > 0)
            progress.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]{notRun} cases did not run.[/]");
        if (failures is [] && notRun == 0)
            return false;
        progress.MarkupLineInterpolated($"BenchmarkDotNet's log is in {artifacts}");
        return true;
    }
}
