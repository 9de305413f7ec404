using FreezeBench.Results;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Runs;

public class AccuracyRunTests
{
    private const int StepsPerEpoch = 3;    // 20 images in batches of 8

    [Theory]
    [InlineData("fine-tune")]
    [InlineData("frozen-train-bn")]
    [InlineData("frozen-cached")]
    [InlineData("probe-then-tune")]
    public void RunThatIsStoppedAtEveryPoint_LearnsWhatAnUninterruptedOneLearns(string policy)
    {
        string[] arguments = ["--policies", policy, "--epochs", "2", "--seed", "5"];
        using StoppableRun whole = new(arguments), stopped = new(arguments);
        whole.Train(new Watcher());
        var stops = 0;
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            // In the midst of the epoch, in the evaluation after it, and with it on disk.
            foreach (var step in new[] { 1, StepsPerEpoch })
                Assert.Equal(epoch - 1, Stopped(stopped, stop => new Watcher { OnStep = done => CancelIf(stop, done == step) }).EpochsDone);
            if (epoch < 2)
                Assert.Equal(epoch, Stopped(stopped, stop => new Watcher { OnEpoch = row => CancelIf(stop, row.Epoch == epoch) }).EpochsDone);
            stops += epoch < 2 ? 3 : 2;
        }
        var end = Assert.Single(stopped.Train(new Watcher()));

        Assert.Equal(stops, end.Resumptions);
        Assert.Equal(Enumerable.Repeat(RunRow.Interrupted, stops).Append(RunRow.Finished), stopped.Store.Read<RunRow>().Select(row => row.Status));
        Assert.Equal(Learned.All(whole.Store.Read<AccuracyRow>(), whole.Store.Read<RunRow>()), Learned.All(stopped.Store.Read<AccuracyRow>(), stopped.Store.Read<RunRow>()));
        Assert.Equal(64, end.FinalWeightsSha256.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void ProgramThatDiedBetweenRowAndCheckpoint_HasNoRowTwice(int epoch)
    {
        string[] arguments = ["--policies", "probe-then-tune", "--epochs", "3"];
        using StoppableRun whole = new(arguments), stopped = new(arguments);
        whole.Train(new Watcher());
        DieBeforeTheCheckpointOf(epoch, stopped);
        var watcher = new Watcher();
        stopped.Train(watcher);

        Assert.Equal([epoch - 1], watcher.Begun);
        Assert.Equal(Enumerable.Range(epoch, 4 - epoch), watcher.Shown);
        Assert.Equal(Learned.All(whole.Store.Read<AccuracyRow>(), whole.Store.Read<RunRow>()), Learned.All(stopped.Store.Read<AccuracyRow>(), stopped.Store.Read<RunRow>()));
    }

    [Fact]
    public void ProgramThatDiedBeforeTheRunsEndWasWritten_HasOnlyTheEndToWrite()
    {
        using StoppableRun whole = new(), stopped = new();
        whole.Train(new Watcher());
        Assert.Throws<Crash>(() => stopped.Train(new Watcher { OnEpoch = _ => throw new Crash() }));
        var watcher = new Watcher();
        stopped.Train(watcher);

        // The first of the two runs had ended but for its row.
        Assert.Equal([1, 0], watcher.Begun);
        Assert.Equal([1], watcher.Shown);
        Assert.Equal(Learned.All(whole.Store.Read<AccuracyRow>(), whole.Store.Read<RunRow>()), Learned.All(stopped.Store.Read<AccuracyRow>(), stopped.Store.Read<RunRow>()));
    }

    [Fact]
    public void RowThatTheSameEpochContradicts_IsRefused()
    {
        using var run = new StoppableRun("--policies", "frozen-cached", "--epochs", "3");
        DieBeforeTheCheckpointOf(2, run);
        var rows = run.Store.Read<AccuracyRow>();
        File.Delete(Path.Combine(run.Store.Folder, AccuracyRow.FileName));
        run.Store.Append<AccuracyRow>([rows[0], rows[1] with { TestLoss = 0.5 }]);

        var message = Assert.Throws<UserErrorException>(() => run.Train(new Watcher())).Message;

        Assert.StartsWith("Epoch 2 of frozen-cached, seed 1, was trained again and came to another result than the row on disk: test loss ", message, StringComparison.Ordinal);
        Assert.EndsWith(" instead of 0.5. Something else than the interruption has changed; leave --resume out to start anew.", message, StringComparison.Ordinal);
        Assert.Equal(2, run.Store.Read<AccuracyRow>().Count);
    }

    [Fact]
    public void DamagedCheckpoint_IsNamed()
    {
        using var run = new StoppableRun("--policies", "frozen-cached", "--epochs", "2");
        Assert.Throws<Crash>(() => run.Train(new Watcher { OnEpoch = _ => throw new Crash() }));
        var bytes = File.ReadAllBytes(run.CheckpointFile);
        bytes[^1] ^= 1;
        File.WriteAllBytes(run.CheckpointFile, bytes);

        var message = Assert.Throws<UserErrorException>(() => run.Train(new Watcher())).Message;

        Assert.Contains(run.CheckpointFile, message, StringComparison.Ordinal);
        Assert.Contains("damaged", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoint_IsGone_WhereItsRunHasEnded()
    {
        using var run = new StoppableRun("--policies", "frozen-cached", "--seeds", "1,2");
        var seen = 0;
        run.Train(new Watcher { OnEpoch = _ => seen += Directory.GetFiles(run.Checkpoints, "*.safetensors", SearchOption.AllDirectories).Length });

        Assert.Equal(2, seen);
        Assert.Empty(Directory.GetFiles(run.Checkpoints, "*.safetensors", SearchOption.AllDirectories));
    }

    private static void DieBeforeTheCheckpointOf(int epoch, StoppableRun run)
    {
        byte[]? before = null;
        Assert.Throws<Crash>(() => run.Train(new Watcher
        {
            OnEpoch = row =>
            {
                if (row.Epoch == epoch)
                    throw new Crash();
                before = File.ReadAllBytes(run.CheckpointFile);
            },
        }));
        // A crash after the row and before the checkpoint leaves the one of the epoch before.
        if (before is null)
            File.Delete(run.CheckpointFile);
        else
            File.WriteAllBytes(run.CheckpointFile, before);
    }

    private static RunRow Stopped(StoppableRun run, Func<CancellationTokenSource, Watcher> watcher)
    {
        using var stop = new CancellationTokenSource();
        var row = Assert.Single(run.Train(watcher(stop), stop));
        Assert.Equal((RunRow.Interrupted, "unknown"), (row.Status, row.FinalWeightsSha256));
        return row;
    }

    private static void CancelIf(CancellationTokenSource stop, bool now)
    {
        if (now)
            stop.Cancel();
    }

    private sealed class Crash : Exception;
}
