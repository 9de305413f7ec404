using System.Globalization;
using FreezeBench.CommandLine;
using FreezeBench.Data;
using FreezeBench.Native;
using FreezeBench.Results;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using Spectre.Console;

namespace FreezeBench.Accuracy;

/// <summary>The accuracy runner: parse, train each policy, write a row an epoch, print.</summary>
public static class AccuracyProgram
{
    /// <summary>Runs with these arguments.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="output">The answer.</param>
    /// <param name="progress">A line an epoch.</param>
    /// <returns>0; a run that fails throws.</returns>
    /// <exception cref="UserErrorException">The request cannot be carried out.</exception>
    public static int Run(string[] arguments, IAnsiConsole output, IAnsiConsole progress)
    {
        var options = new AccuracyOptions();
        var parsed = options.Command.Parse(arguments);
        if (CommandLineHost.AsksForHelp(parsed))
            return parsed.Invoke();
        CommandLineHost.ThrowIfWrong(parsed, DatasetConflicts.Find(parsed.GetValue(options.Run.Dataset) ?? CifarFiles.Name, parsed.GetValue(options.Run.DataDirectory)));

        using var session = new RunSession(options.Run, parsed);
        var settings = AccuracySettings.Resolve(options, parsed, session.Device);
        using var data = AccuracyData.Load(settings, session.Device.ToTorch());
        var (environment, stamp, store) = session.Begin();
        Announce(progress, settings, data, session.Device, stamp.Git);
        if (parsed.GetValue(options.DryRun))
            return 0;

        foreach (var difference in store.WriteEnvironment(environment))
            progress.MarkupLineInterpolated($"[yellow]{difference}[/]");
        var run = new AccuracyRun(settings, data, stamp, session.Device, session.Precision);
        List<AccuracyRow> rows = [];
        foreach (var policy in settings.Policies)
            run.Train(policy, row =>
            {
                store.Append(row);
                rows.Add(row);
                Report(progress, row);
            });
        AccuracyTable.Write(output, rows);
        output.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{rows.Count} rows in {Path.Combine(store.Folder, AccuracyRow.FileName)}");
        return 0;
    }

    private static void Announce(IAnsiConsole progress, AccuracySettings settings, AccuracyData data, DeviceChoice device, GitState git)
    {
        var training = settings.Training;
        var resolutionPx = settings.ResolutionPx ?? data.Training.SizePx;
        progress.MarkupLineInterpolated($"device      {device.Description}");
        progress.MarkupLineInterpolated($"network     {settings.Backbone}, weights {settings.WeightsName}, {settings.MemoryFormat}, {TorchSharp.torch.get_num_threads()} threads");
        progress.MarkupLineInterpolated($"images      {settings.DatasetLabel}: {data.Training.Count} for training, {data.Test.Count} for testing, {resolutionPx} px");
        progress.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"training    {settings.Epochs} epochs, batch {training.BatchSize}, sgd {training.LearningRateHead}, momentum {training.Momentum}, weight decay {training.WeightDecay}, seed {training.Seed}");
        progress.MarkupLineInterpolated($"policies    {string.Join(", ", settings.Policies.Select(policy => policy.Name))}");
        if (git.Dirty == true)
            progress.MarkupLineInterpolated($"[yellow]{RunSession.DirtyWarning}[/]");
    }

    private static void Report(IAnsiConsole progress, AccuracyRow row) =>
        progress.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{row.Policy,-15} epoch {row.Epoch}/{row.Epochs}  train {row.TrainLoss:0.000} {100 * row.TrainAccuracyFraction:0.0} %  test {row.TestLoss:0.000} {100 * row.TestAccuracyFraction:0.0} %  {row.TrainTimeS:0.00} s");
}
