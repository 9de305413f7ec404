using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Benchmarks.Options;
using FreezeBench.Benchmarks.Output;
using FreezeBench.Benchmarks.Profiling;
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
using FreezeBench.Torch.Hardware;
using FreezeBench.Training;
using Spectre.Console;

namespace FreezeBench.Benchmarks;

/// <summary>The benchmark program: parse, resolve, measure, write, print.</summary>
public static class BenchmarkProgram
{
    /// <summary>Runs with these arguments.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="output">The answer: tables and where the files are.</param>
    /// <param name="progress">What happens meanwhile.</param>
    /// <returns>0 done, 1 a case failed.</returns>
    /// <exception cref="UserErrorException">
    /// The request cannot be carried out; where some cases did not fit into memory, after the others are measured and written.
    /// </exception>
    public static int Run(string[] arguments, IAnsiConsole output, IAnsiConsole progress)
    {
        var options = new BenchmarkOptions();
        var parsed = options.Command.Parse(arguments);
        if (CommandLineHost.AsksForHelp(parsed))
            return parsed.Invoke();
        CommandLineHost.ThrowIfWrong(parsed, SettingsResolver.Conflicts(options, parsed));
        if (parsed.UnmatchedTokens.Any(string.IsNullOrWhiteSpace))
            throw new UserErrorException("A word of the command line is empty; an unset variable of a shell gives an empty one. Leave it out, or give a value.");
        var theirs = BenchmarkArguments.Parse(parsed.UnmatchedTokens);
        RefuseDebugBuild();

        var suites = SettingsResolver.Suites(options, parsed);
        using var session = new RunSession(options.Run, parsed);
        // Each run has its own: BenchmarkDotNet names its files by class and second, and so two runs at once would meet in them.
        var artifacts = Path.Combine(session.ArtifactsFolder, string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyyMMdd'T'HHmmss'Z'}-{Environment.ProcessId}"));
        var records = Path.Combine(artifacts, "records");
        var settings = SettingsResolver.Resolve(options, parsed, session.Device, session.Precision, session.GpuMemoryBytes, records) with
        {
            Memory = session.Memory,
            BenchmarkDotNetArguments = parsed.UnmatchedTokens,
        };
        settings.Publish();

        if (parsed.GetValue(options.Profile))
            return ProfileProgram.Run(settings, session, parsed.GetValue(options.Run.Out) is null ? session.ArtifactsFolder : session.ResultsFolder, output, progress);
        var config = ManualConfig.Union(SuiteConfig.Create(settings.Quick, artifacts), theirs.Config);
        if (theirs.OnlyPrints)
        {
            BenchmarkRun.Print(suites, [.. parsed.UnmatchedTokens], config);
            return 0;
        }
        var plan = BenchmarkRun.Plan(suites, config);
        var (environment, stamp, store) = session.Begin(TorchEnvironment.PackageVersion(typeof(BenchmarkRunner).Assembly));
        var classes = CheckData(settings, ImagesOf(settings, suites), session.Device);
        CheckNetwork(settings, suites, classes);
        foreach (var benchmark in plan.SelectMany(info => info.BenchmarksCases).DistinctBy(benchmark => (SuiteCatalog.PolicyOf(benchmark), SuiteCatalog.SizeOf(benchmark))))
            NarrowImageRefusal.ThrowIfAny(
                NetworkCatalog.Parse(settings.Backbone), classes, (SuiteCatalog.SizeOf(benchmark) ?? settings.Size).ResolutionPx, SuiteCatalog.PolicyOf(benchmark), session.Precision, session.Device.Type);

        var planned = plan.Sum(info => info.BenchmarksCases.Length);
        Announce(progress, settings, session, planned, stamp.Git);
        var clock = Stopwatch.StartNew();
        try
        {
            var reports = Measure(plan, progress);
            var evaluation = CaseEvaluation.Of(reports, new CaseMeasurements(settings, classes, session.Device));
            var rows = Write(store, environment, evaluation.Measured, stamp, progress);
            new SummaryTables(rows, row => evaluation.Measured[rows.IndexOf(row)].SamplesMs).Write(output);
            if (rows is not [])
                output.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{rows.Count} rows in {Path.Combine(store.Folder, BenchmarkRow.FileName)} ({clock.Elapsed.TotalSeconds:0} s)");
            var failed = ReportFailures(evaluation.Failures, planned - reports.Count, progress, config.ArtifactsPath);
            // Last, and not instead: what did fit is measured and on disk by now.
            if (evaluation.Shortages is not [])
                throw new UserErrorException(string.Join("\n\n", evaluation.Shortages));
            return failed ? CommandLineHost.RunFailed : 0;
        }
        finally
        {
            if (Directory.Exists(records))
                Directory.Delete(records, recursive: true);
        }
    }

    private static void RefuseDebugBuild()
    {
        // The program's own assembly too: it may be of a user's project, with the network that is measured.
        if (new[] { typeof(BenchmarkProgram).Assembly, Assembly.GetEntryAssembly() }.Any(assembly => assembly?.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled == true))
            throw new UserErrorException("This is a Debug build, whose times mean nothing. Run it with: dotnet run -c Release");
    }

    // As the data: a network that cannot be measured ends in one message. On the CPU, since a GPU that this process has used would keep
    // some of its memory from the cases.
    private static void CheckNetwork(BenchmarkSettings settings, IReadOnlyList<string> suites, int classes)
    {
        var network = NetworkCatalog.Parse(settings.Backbone);
        var scaled = suites.Contains(SuiteNames.Scaling) ? settings.ScalingSizes.Select(size => size.ResolutionPx) : [];
        foreach (var resolutionPx in scaled.Append(settings.ResolutionPx).Distinct())
            network.Build(classes, resolutionPx).Dispose();
        var sizes = suites.Contains(SuiteNames.Scaling) ? settings.ScalingSizes : [];
        foreach (var size in sizes.Append(settings.Size))
            LoneImage.ThrowIfNormalised(network, settings.Policies.Select(FreezingPolicy.Parse), classes, size.ResolutionPx, settings.ImagesPerEpoch, size.BatchSize);
    }

    // Reads the data once here, so that a bad file ends in one message instead of a failed case for every policy.
    private static int CheckData(BenchmarkSettings settings, int images, DeviceChoice device)
    {
        using var data = BenchmarkData.Load(settings, images, device.ToTorch());
        if (data.Count >= images)
            return data.Classes;
        throw new UserErrorException(data.Count >= settings.ImagesPerEpoch
            ? string.Create(CultureInfo.InvariantCulture, $"Suite {SuiteNames.Scaling} needs {images} images at these sizes, but the training set has {data.Count}. Pass smaller --batch-sizes and --batch-size.")
            : string.Create(CultureInfo.InvariantCulture, $"--images-per-epoch is {settings.ImagesPerEpoch}, but the training set has {data.Count} images. Pass {data.Count} or fewer."));
    }

    private static int ImagesOf(BenchmarkSettings settings, IReadOnlyList<string> suites) => suites.Contains(SuiteNames.Scaling)
        ? Math.Max(
            CostModelSuite.EpochLengths(settings.BatchSize, settings.ImagesPerEpoch).Append(settings.ImagesPerEpoch).Max(),
            ScalingSuite.BatchesOfImages * settings.ScalingSizes.Max(size => size.BatchSize))
        : settings.ImagesPerEpoch;

    private static void Announce(IAnsiConsole progress, BenchmarkSettings settings, RunSession session, int cases, GitState git)
    {
        progress.MarkupLineInterpolated($"device      {session.Device.Description}");
        progress.MarkupLineInterpolated($"precision   {session.Arithmetic}");
        progress.MarkupLineInterpolated($"network     {settings.Backbone}, {string.Join(" and ", settings.Kernels)} kernels, {string.Join(" and ", settings.Kernels.Select(settings.MemoryFormatOf).Distinct())}, {settings.Threads} threads");
        progress.MarkupLineInterpolated($"images      {settings.DatasetLabel}, {settings.ResolutionPx} px, batch {settings.BatchSize}{(settings.AutoBatch ? " or the half of it that fits" : "")}, {settings.ImagesPerEpoch} an epoch");
        progress.MarkupLineInterpolated($"policies    {string.Join(", ", settings.Policies)}");
        progress.MarkupLineInterpolated($"cases       {cases}, each in a process of its own");
        if (git.Dirty == true)
            progress.MarkupLineInterpolated($"[yellow]{RunSession.DirtyWarning}[/]");
    }

    private static IReadOnlyList<BenchmarkReport> Measure(BenchmarkRunInfo[] plan, IAnsiConsole progress)
    {
        var total = plan.Sum(info => info.BenchmarksCases.Length);
        ProgressReporter? reporter = null;
        IReadOnlyList<BenchmarkReport> RunAll(Action<string> nowRunning) =>
            BenchmarkRun.Run(BenchmarkRun.WithEvents(plan, reporter = new ProgressReporter(progress, total, nowRunning)));
        // Where nobody watches, a status would only repeat the lines.
        var reports = progress.Profile.Capabilities.Interactive && progress.Profile.Out.IsTerminal
            ? progress.Status().Start("Starting", context => RunAll(text => context.Status(text)))
            : RunAll(_ => { });
        WarnIfBusy(progress, reporter?.OthersBusyCores);
        return reports;
    }

    private static void WarnIfBusy(IAnsiConsole progress, double? othersBusyCores)
    {
        // A desktop at rest stays below; one busy program is 1.
        const double tolerated = 0.25;
        if (othersBusyCores is { } cores and > tolerated)
            progress.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"[yellow]Other programs kept {cores:0.0} cores busy meanwhile: times are wrong, several-fold on the CPU. End them and run again.[/]"));
    }

    private static List<BenchmarkRow> Write(ResultStore store, EnvironmentRecord environment, IReadOnlyList<BenchmarkMeasurement> measured, RunStamp stamp, IAnsiConsole progress)
    {
        List<BenchmarkRow> rows = [.. measured.Select(measurement => measurement.ToRow(stamp))];
        if (rows is [])
            return rows;
        foreach (var difference in store.WriteEnvironment(environment))
            progress.MarkupLineInterpolated($"[yellow]{difference}[/]");
        foreach (var (policy, asked, used) in rows.Where(row => row.BatchSize < row.AskedBatchSize).Select(row => (row.Policy, row.AskedBatchSize, row.BatchSize)).Distinct())
            progress.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]{policy}: batch size {used}, since {asked} did not fit into memory (--auto-batch).[/]");
        // In one step: a summary never stands in the results without what it was made from, nor samples without their summary.
        store.Append<SampleRow, BenchmarkRow>([.. measured.SelectMany(measurement => measurement.ToSampleRows(stamp))], rows);
        return rows;
    }

    private static bool ReportFailures(IReadOnlyList<string> failures, int notRun, IAnsiConsole progress, string artifacts)
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
