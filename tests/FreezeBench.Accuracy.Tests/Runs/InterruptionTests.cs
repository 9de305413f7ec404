using FreezeBench.Faults;
using FreezeBench.Programs;
using FreezeBench.Results.Rows;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Runs;

/// <summary>What the program does where it is ended from outside, and the way back.</summary>
public class InterruptionTests
{
    private static readonly string[] command = [.. Runner.InAnyProcess, "--policies", "fine-tune,frozen-cached,probe-then-tune", "--epochs", "2", "--seeds", "1,2"];

    [Fact]
    public void CommandThatWasKilled_AndStopped_GoesOn_AndLearnsTheSame()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows sends no signals.");
        Assert.SkipWhen(SignalMask.Ignores("INT"), SignalMask.Ignored("INT"));
        using var folder = new TemporaryFolder();
        string[] again = [.. command, .. Runner.Folders(folder), "--resume"];
        using (var child = Child.Start([.. command, .. Runner.Folders(folder)]))
        {
            child.WaitFor("epoch 1/2");
            child.Signal("KILL");
            Assert.Equal(137, child.End().ExitCode);
        }
        Assert.Contains("What is there:\n  --device cpu", Refusal(folder, [.. again, "--learning-rate", "0.5"]), StringComparison.Ordinal);
        foreach (var (signal, exitCode) in new[] { ("TERM", 143), ("INT", 130) })
        {
            using var child = Child.Start(again);
            child.WaitFor("epoch 1/2");
            child.Signal(signal);
            Assert.Equal(exitCode, child.End().ExitCode);
            Assert.Contains("Interrupted. What was trained is on disk; the same command with --resume goes on.", child.Errors, StringComparison.Ordinal);
            Assert.Equal(RunRow.Interrupted, Runner.Rows<RunRow>(folder)[^1].Status);
        }
        Assert.True(Runner.Rows<AccuracyRow>(folder).Count < 12, "Everything had ended before the signals came.");
        using (TestConsole console = new())
            Assert.Equal(0, AccuracyProgram.Run(again, console, console));

        var (rows, ends) = (Runner.Rows<AccuracyRow>(folder), Runner.Rows<RunRow>(folder));
        var whole = Runner.Run(command);
        Assert.Equal(Learned.All(whole.Rows, whole.Ends), Learned.All(rows, ends));
        Assert.Single(rows.Select(row => row.RunId).Distinct());
        Assert.Equal(3, ends[^1].Resumptions);
        Assert.Empty(Directory.GetDirectories(folder.File("checkpoints")));
        Assert.Contains("no interrupted run of this command", Refusal(folder, again), StringComparison.Ordinal);
    }

    [Fact]
    public void TwoCommandsAtOnce_LoseNoRow_AndShareNoState_AndKeepThePathWhole()
    {
        using var folder = new TemporaryFolder();
        var results = Path.Combine(folder.File("results"), new string('r', 100));
        string[] Arguments(int seed) =>
            [.. Runner.InAnyProcess, "--policies", "frozen-cached", "--epochs", "20", "--seed", $"{seed}", "--out", results, "--checkpoint-dir", folder.File("checkpoints"), "--feature-cache", folder.File("features")];
        using Child first = Child.Start(Arguments(1)), second = Child.Start(Arguments(2));

        var ended = new[] { first.End(), second.End() };

        Assert.True(ended.All(end => end.ExitCode == 0), $"{first.Errors}\n{second.Errors}");
        var store = new ResultStore(Directory.GetDirectories(results).Single());
        var rows = store.Read<AccuracyRow>();
        Assert.Equal(2, rows.Select(row => row.RunId).Distinct().Count());
        Assert.All(rows.GroupBy(row => row.Seed), run => Assert.Equal(Enumerable.Range(1, 20), run.Select(row => row.Epoch)));
        Assert.Equal((40, 2), (rows.Count, store.Read<RunRow>().Count));
        Assert.All(ended, end =>
        {
            Assert.Contains($"20 rows in {Path.Combine(store.Folder, "accuracy.csv")}\n", end.Output, StringComparison.Ordinal);
            // A table belongs on a screen, but where nobody looks it must not have been cut to it.
            Assert.Contains("frozen-cached", end.Output, StringComparison.Ordinal);
        });
    }

    private static string Refusal(TemporaryFolder folder, string[] arguments)
    {
        using var errors = new StringWriter();
        using TestConsole console = new();
        var rows = Runner.Rows<AccuracyRow>(folder).Count;
        Assert.Equal(CommandLineHost.BadRequest, CommandLineHost.Run(() => AccuracyProgram.Run(arguments, console, console), errors));
        Assert.Equal(rows, Runner.Rows<AccuracyRow>(folder).Count);
        return errors.ToString();
    }
}
