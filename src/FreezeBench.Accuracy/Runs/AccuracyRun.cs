using System.Runtime.InteropServices;
using FreezeBench.Measurement;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Results.Ends;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Torch.Hardware;
using FreezeBench.Training;

namespace FreezeBench.Accuracy.Runs;

/// <summary>One run from its first epoch, or from its checkpoint, to its end.</summary>
/// <param name="context">Of the command.</param>
/// <param name="run">Which.</param>
public sealed class AccuracyRun(RunContext context, PlannedRun run)
{
    /// <summary>Trains; after every epoch its row is on disk, and the state from which the run could go on.</summary>
    /// <param name="number">1 for the command's first run.</param>
    /// <param name="count">Runs of the command.</param>
    /// <param name="stop">Ends the run after the step under way.</param>
    /// <returns>How it ended; also on disk.</returns>
    /// <exception cref="UserErrorException">
    /// Rows or checkpoint cannot be written, a resumed run learned something else than before, or the device's memory is full.
    /// </exception>
    public RunRow Train(int number, int count, CancellationToken stop)
    {
        run.Kernels.PrepareProcess();
        using var data = context.Data.Choose(context.Settings, run.Classes, run.Seed, run.Shots);
        var batch = new RunBatch(context, run, data);
        NativeEnd.Advise(OptionNames.Fill(batch.Shortage().Untold()));
        try
        {
            return Train(number, count, data, batch.Choose(), stop);
        }
        catch (ExternalException e) when (FullMemory.Is(e))
        {
            throw batch.Shortage().ToError(e);
        }
    }

    private RunRow Train(int number, int count, AccuracyData data, int batchSize, CancellationToken stop)
    {
        var rows = new RunRows(context, run, data, batchSize);
        var checkpoint = context.Session.PathOf(run);
        using var watch = DeviceWatch.Start(context.Device, context.SystemRoot);
        using var training = new TrainingRun(Options(data, batchSize, watch.Energy));
        if (File.Exists(checkpoint))
            training.Restore(checkpoint);
        // What an earlier invocation of the same session wrote, a row further than the checkpoint where it died between the two.
        var written = context.Session.Record.Resumptions == 0 ? [] : context.Store.Read<AccuracyRow>().Where(rows.AreOfThisRun).ToList();
        var done = written.Take(training.EpochsDone).ToList();
        if (rows.Classes is { Count: > 0 } classes)
            context.Store.AppendUnless(classes, there => there.Any(row => row.RunId == classes[0].RunId && row.ClassSelection == classes[0].ClassSelection));
        context.Reporter.Begins(run, number, count, training.EpochsDone);
        var status = RunRow.Finished;
        watch.Begin();
        var others = context.WatchOthers();
        try
        {
            while (!training.Finished && !rows.ReachesTarget(done))
            {
                stop.ThrowIfCancellationRequested();
                var othersInEpoch = context.WatchOthers();
                var outcome = training.NextEpoch(context.Reporter.StepEnded, stop);
                var row = rows.Of(outcome) with { OthersBusyCores = othersInEpoch.BusyCores() };
                if (!(double.IsFinite(row.TrainLoss) && double.IsFinite(row.TestLoss) && double.IsFinite(row.BatchNormDrift ?? 0)))
                {
                    // No number to write, and none to come. The other runs of the command are not to suffer for it.
                    status = RunRow.Diverged;
                    break;
                }
                if (written.ElementAtOrDefault(done.Count) is { } earlier)
                    row = Same(earlier, row);
                else
                    // In one step, so that whoever takes the run up again finds both or neither.
                    context.Store.Append([row], training.Finished || rows.ReachesTarget([row]) ? rows.PerClass(outcome) : []);
                training.Save(checkpoint);
                done.Add(row);
                context.Reporter.EpochEnded(row);
            }
            if (rows.ReachesTarget(done))
                status = RunRow.TargetReached;
        }
        catch (OperationCanceledException)
        {
            status = RunRow.Interrupted;
        }
        watch.End();
        var end = rows.End(done, status, status == RunRow.Interrupted ? null : training.WeightsSha256(), watch.State, training.Counts) with { OthersBusyCores = others.BusyCores() };
        context.Store.Append(end);
        if (status != RunRow.Interrupted)
            context.Session.Forget(run);
        context.Reporter.Ends(end);
        return end;
    }

    // The same seed has to give the same numbers; where it does not, two halves that do not fit must not pass for one run.
    private static AccuracyRow Same(AccuracyRow earlier, AccuracyRow now) =>
        !now.Deterministic || (earlier.TrainLoss, earlier.TrainCorrect, earlier.TestLoss, earlier.TestCorrect) == (now.TrainLoss, now.TrainCorrect, now.TestLoss, now.TestCorrect)
            ? earlier
            : throw new UserErrorException($"Epoch {now.Epoch} of {now.Policy}, seed {now.Seed}, was trained again and came to another result than the row on disk: "
                + $"test loss {now.TestLoss:R} instead of {earlier.TestLoss:R}. Something else than the interruption has changed; leave --resume out to start anew.");

    private TrainingRunOptions Options(AccuracyData data, int batchSize, EnergyMeter? energy) => new()
    {
        Network = context.Settings.Network,
        Kernels = run.Kernels,
        Strategy = run.Strategy,
        Training = data.Training,
        Test = data.Test,
        ResolutionPx = context.Settings.ResolutionOf(data.Training),
        MemoryFormat = context.Settings.MemoryFormatOf(run.Kernels, context.Device),
        Precision = context.Precision,
        BatchSize = batchSize,
        Seed = run.Seed,
        Epochs = run.Epochs,
        ProbeEpochs = context.Settings.ProbeEpochs,
        UnfreezeEvery = context.Settings.UnfreezeEvery,
        Head = run.Head,
        Says = context.Reporter.Says,
        RecipeFor = context.Settings.RecipeFor,
        Weights = context.Weights.File,
        Statistics = context.Weights.Statistics,
        FeatureCache = context.Features,
        Fingerprint = $"{context.Session.Record.RunId} {run.Title} batch {batchSize}",
        Energy = energy,
    };
}
