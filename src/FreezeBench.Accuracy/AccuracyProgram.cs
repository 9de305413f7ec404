using System.CommandLine;
using System.Globalization;
using FreezeBench.Accuracy.Claims;
using FreezeBench.Accuracy.Estimating;
using FreezeBench.Accuracy.Options;
using FreezeBench.Accuracy.Output;
using FreezeBench.Accuracy.Runs;
using FreezeBench.Features;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Results.Advising;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using Spectre.Console;

namespace FreezeBench.Accuracy;

/// <summary>The accuracy runner: parse, train each run, write a row an epoch, print.</summary>
public static class AccuracyProgram
{
    /// <summary>What calls it in a program that does other things too.</summary>
    public const string Word = "accuracy";

    private const int Terminated = 143;    // of a shell, for a program that SIGTERM ended

    /// <summary>Runs with these arguments on the process's own streams; an error is a message.</summary>
    /// <param name="arguments">The command line.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments) => CommandLineHost.Run(() => Run(arguments, AnsiConsole.Console, ProgressConsole.Create()));

    /// <summary>Runs with these arguments.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="output">The answer.</param>
    /// <param name="progress">What happens meanwhile.</param>
    /// <returns>0; 1 where a run diverged; 130 or 143 where a signal ended it.</returns>
    /// <exception cref="UserErrorException">The request cannot be carried out.</exception>
    public static int Run(string[] arguments, IAnsiConsole output, IAnsiConsole progress)
    {
        if (CommandLineCheck.IsAsked(arguments))
            return CommandLineCheck.Run(Check, Console.In, output.Profile.Out.Writer);
        var options = new AccuracyOptions();
        var (parsed, preset) = Parsed(options, arguments);
        return CommandLineHost.AsksForHelp(parsed) ? parsed.Invoke() : Run(arguments, options, parsed, preset, output, progress);
    }

    /// <summary>Checks a command line, as far as that needs neither device nor data.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="computeCapability">Of the GPU that it is meant for; null: unknown.</param>
    /// <exception cref="UserErrorException">A line for each error.</exception>
    /// <exception cref="FreezeBench.Torch.RefusedException">What such a device has not.</exception>
    public static void Check(string[] arguments, (int Major, int Minor)? computeCapability = null)
    {
        var options = new AccuracyOptions();
        DeviceElsewhere.Check(options.Run, Parsed(options, arguments).Parsed, computeCapability);
    }

    // A command line without errors, or one that asks for help.
    private static (ParseResult Parsed, Preset? Preset) Parsed(AccuracyOptions options, string[] arguments)
    {
        var parsed = options.Command.Parse(arguments);
        if (CommandLineHost.AsksForHelp(parsed))
            return (parsed, null);
        var preset = AccuracySettings.Valid(parsed, options.Preset);
        if (preset is not null)
            parsed = options.Command.Parse(preset.Complete(arguments, parsed));
        CommandLineHost.ThrowIfWrong(parsed, AccuracySettings.Conflicts(options, parsed));
        return (parsed, preset);
    }

    private static int Run(string[] arguments, AccuracyOptions options, ParseResult parsed, Preset? preset, IAnsiConsole output, IAnsiConsole progress)
    {
        using var signals = new StopSignals(Terminated, TimeSpan.FromSeconds(1));
        using var session = new RunSession(options.Run, parsed, parsed.GetValue(options.Deterministic));
        var settings = AccuracySettings.Resolve(options, parsed, session.Device);
        if (session.Device.Type == TorchSharp.DeviceType.CPU)
            MemoryBound.Apply(Environment.ProcessorCount);
        try
        {
            var downloads = new DownloadReporter(progress);
            if (parsed.GetValue(options.Estimate) || parsed.GetValue(options.EstimateFor) is not null)
            {
                new Estimator(settings, session, output).Run(parsed.GetValue(options.EstimateFor), downloads, signals.Token);
                return 0;
            }
            var weights = InitialWeights.Load(settings, downloads, signals.Token);
            using var data = AccuracyData.Load(settings, session.Device.ToTorch(), downloads, signals.Token, session.FreeGpuMemoryBytes);
            var plan = PlannedRun.All(settings);
            RunRefusals.ThrowIfNoSuchClass(settings, data);
            weights.Check(settings, data.Training.Classes, settings.ResolutionOf(data.Training));
            RunRefusals.ThrowIfAny(settings, data, session);
            var (environment, stamp, store) = session.Begin();
            Announcement.Write(progress, settings, weights, data, session, stamp.Git, plan.Count);
            if (parsed.GetValue(options.DryRun))
                return 0;

            using var checkpoints = Checkpoints(parsed, options, session, settings, weights, data, stamp, string.Join(' ', arguments));
            stamp = stamp with { RunId = checkpoints.Record.RunId };
            foreach (var difference in store.WriteEnvironment(environment))
                progress.MarkupLineInterpolated($"[yellow]{difference}[/]");
            RunContext Context(IRunReporter reporter) => new(settings, weights, data, session.Device, session.Precision, session.CudnnAutotune, stamp, store, checkpoints, reporter)
            {
                Memory = session.Memory,
                Features = Features(settings, session, stamp, reporter),
            };
            Train(plan, Context, progress, signals.Token);
            var diverged = Conclude(output, store, environment, stamp, preset);
            DisturbedEpochs.Warn(progress, store.Read<AccuracyRow>().Where(row => row.RunId == stamp.RunId));
            if (signals.ExitCode == 0)
            {
                checkpoints.Finish();
                return diverged ? CommandLineHost.RunFailed : 0;
            }
            progress.WriteLine("Interrupted. What was trained is on disk; the same command with --resume goes on.");
            return signals.ExitCode;
        }
        catch (OperationCanceledException) when (signals.ExitCode != 0)
        {
            progress.WriteLine("Interrupted before the first step; nothing was trained.");
            return signals.ExitCode;
        }
    }

    private static void Train(IReadOnlyList<PlannedRun> plan, Func<IRunReporter, RunContext> context, IAnsiConsole progress, CancellationToken stop)
    {
        void All(RunContext run)
        {
            // What ended before an interruption is not trained again.
            var ended = run.Store.Read<RunRow>().Where(row => row.RunId == run.Stamp.RunId && row.Status != RunRow.Interrupted).Select(TrainingRunKey.Of).ToHashSet();
            foreach (var (index, planned) in plan.Index())
                if (!stop.IsCancellationRequested && !ended.Contains(planned.Key(run.Stamp.RunId)))
                    new AccuracyRun(run, planned).Train(index + 1, plan.Count, stop);
        }
        if (progress.Profile.Capabilities.Interactive)
            LiveReporter.Display(progress).Start(display => All(context(new LiveReporter(display, progress))));
        else
            All(context(new LineReporter(progress)));
    }

    private static FeatureCache? Features(AccuracySettings settings, RunSession session, RunStamp stamp, IRunReporter reporter) => settings.FeatureFolder is not { } folder ? null
        // The environment's id stands for CPU, GPU and driver, .NET, TorchSharp, libtorch and threads.
        : new FeatureCache(folder, $"{stamp.EnvironmentId} {session.Device.Name} {session.Precision}{(settings.Deterministic ? " deterministic" : "")}", reporter.Says);

    /// <returns>Whether a run diverged.</returns>
    private static bool Conclude(IAnsiConsole output, ResultStore store, EnvironmentRecord environment, RunStamp stamp, Preset? preset)
    {
        var rows = store.Read<AccuracyRow>().Where(row => row.RunId == stamp.RunId).ToList();
        var ends = store.Read<RunRow>().Where(row => row.RunId == stamp.RunId).GroupBy(TrainingRunKey.Of).Select(run => run.Last()).ToList();
        if (rows is not [])
        {
            AccuracyTable.Write(output, rows, ends);
            ShotsTable.Write(output, rows);
        }
        // A claim compares times, too: those of one set of kernels.
        foreach (var kernels in preset is null ? [] : rows.GroupBy(row => row.Kernels).ToList())
        {
            if (kernels.Count() < rows.Count)
                output.WriteLine($"{kernels.Key.Word()} kernels:");
            ClaimsReport.Write(output, PostClaims.Check([.. kernels]));
        }
        // Past the console, which would break lines anew, and a long path into lines that no other program can use.
        if (ends.Select(end => end.Policy).Distinct().Count() > 1)
            output.Profile.Out.Writer.WriteLine(AdviceText.Plain(Advisor.Of(environment, rows, ends, [], new AdviceOptions())));
        output.Profile.Out.Writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows.Count} rows in {Path.Combine(store.Folder, AccuracyRow.FileName)}"));
        return ends.Any(end => end.Status == RunRow.Diverged);
    }

    private static CheckpointSession Checkpoints(
        ParseResult parsed, AccuracyOptions options, RunSession session, AccuracySettings settings, InitialWeights weights, AccuracyData data, RunStamp stamp, string command)
    {
        var root = Path.GetFullPath(parsed.GetValue(options.Checkpoints) ?? session.CheckpointFolder);
        var fingerprint = CheckpointSession.Fingerprint(SettingsText.Facts(settings, weights, data, session, stamp, root));
        return parsed.GetValue(options.Resume)
            ? CheckpointSession.Resume(root, fingerprint)
            : CheckpointSession.Begin(root, fingerprint, new SessionRecord(stamp.RunId, command, 0));
    }
}
