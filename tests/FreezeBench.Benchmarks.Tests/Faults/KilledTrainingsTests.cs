using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using FreezeBench.Accuracy.Runs;
using FreezeBench.Faults;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Faults;

/// <summary>The accuracy runner, killed at any moment and taken up again: no epoch that it showed is lost, and it learns the same as one that nobody has killed.</summary>
[Trait("Category", FaultAmounts.Category)]
public sealed partial class KilledTrainingsTests : IDisposable
{
    // Of 20 kills of all three projects; of damaged session files, beside them.
    private const int Usual = 2, UsualSessions = 20;

    private const int KillsPerFolder = 5, Epochs = 4;

    private readonly string top = Directory.CreateTempSubdirectory("freezebench-faults-").FullName;

    public void Dispose() => Directory.Delete(top, recursive: true);

    [Fact]
    public void KilledTrainings_GoOn_AndLearnTheSame()
    {
        Assert.SkipUnless(ProgramRun.HasShell, "It needs bash.");
        var tally = new FaultTally("accuracy: killed trainings");
        var whole = Path.Combine(top, "whole");
        var clock = Stopwatch.StartNew();
        var reference = ProgramRun.Of(BothPrograms.Accuracy, BothPrograms.Training(whole, Epochs));
        Assert.True(reference.ExitCode == 0, reference.Errors);
        var learned = Learned(whole);
        foreach (var (part, seeds) in FaultAmounts.Seeds(Usual).Chunk(KillsPerFolder).Index())
            Trained(Path.Combine(top, $"{part}"), seeds, clock.Elapsed, learned, tally);
        tally.Conclude();
    }

    private static void Trained(string folder, int[] seeds, TimeSpan unkilled, List<string> learned, FaultTally tally)
    {
        HashSet<string> shown = [];
        foreach (var seed in seeds)
            Kill(folder, seed, unkilled, shown, tally);
        // What a killed program left without a record is old by now.
        foreach (var session in Sessions(folder))
            Directory.SetLastWriteTimeUtc(session, DateTime.UtcNow.AddMinutes(-2));
        var end = ProgramRun.Of(BothPrograms.Accuracy, Command(folder));
        if (end.ExitCode != 0)
            tally.Lost(seeds[0], $"once more: {end.ExitCode}\n{end.Errors}");
        else if (!Learned(folder).Chunk(learned.Count).All(run => run.SequenceEqual(learned)))
            tally.Lost(seeds[0], $"learned otherwise:\n{string.Join('\n', Learned(folder))}\nand not\n{string.Join('\n', learned)}");
        // One that had no record is removed by the next command that begins.
        else if (Sessions(folder).Where(session => File.Exists(Path.Combine(session, "session.json"))).ToList() is not [] and var left)
            tally.Lost(seeds[0], $"left: {string.Join(", ", left)}");
    }

    private static void Kill(string folder, int seed, TimeSpan unkilled, HashSet<string> shown, FaultTally tally)
    {
        using var process = ProgramRun.Start(BothPrograms.Accuracy, Command(folder));
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit(new Random(seed).Next((int)unkilled.TotalMilliseconds));
        process.Kill();
        process.WaitForExit();
        var said = output.Result + errors.Result;
        if (said.Contains("Error: ", StringComparison.Ordinal) || said.Contains("Unhandled", StringComparison.Ordinal))
        {
            tally.Crashed(seed, said);
            return;
        }
        // A line that was cut in two shows nothing.
        shown.UnionWith(EpochLine().Matches(said).Select(match => match.Value.TrimEnd()));
        var rows = Rows<AccuracyRow>(folder);
        var lines = rows.Count(row => row.Epoch > 0);
        var broken = rows.GroupBy(row => (row.RunId, row.Policy)).Where(run => !run.Select(row => row.Epoch).SequenceEqual(Enumerable.Range(1, run.Count()))).ToList();
        if (broken is not [] || lines < shown.Count)
            tally.Lost(seed, $"{shown.Count} epochs were shown, {lines} are there; {broken.Count} runs are not in order\n{said}");
        else
            tally.Accepted();
    }

    // Whether there is something to go on from.
    private static string[] Command(string folder) =>
        [.. BothPrograms.Training(folder, Epochs), .. Sessions(folder).Any(session => File.Exists(Path.Combine(session, "session.json"))) ? new[] { "--resume" } : []];

    private static string[] Sessions(string folder) => Directory.Exists(Path.Combine(folder, "checkpoints")) ? Directory.GetDirectories(Path.Combine(folder, "checkpoints")) : [];

    /// <summary>What does not depend on time, of every run that has finished, in order.</summary>
    private static List<string> Learned(string folder)
    {
        var ends = Rows<RunRow>(folder).Where(row => row.Status == RunRow.Finished).GroupBy(row => row.RunId).Where(run => run.Count() == 2).SelectMany(run => run.Select(row => (row.RunId, row.Policy, row.FinalWeightsSha256))).ToList();
        return [.. ends.SelectMany(end => Rows<AccuracyRow>(folder).Where(row => (row.RunId, row.Policy) == (end.RunId, end.Policy))
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Policy} {row.Epoch} {row.TrainLoss} {row.TestLoss}")).Append($"{end.Policy} {end.FinalWeightsSha256}"))];
    }

    private static IReadOnlyList<TRow> Rows<TRow>(string folder) where TRow : IResultRow =>
        Directory.Exists(Path.Combine(folder, "results")) && Directory.GetDirectories(Path.Combine(folder, "results")) is [var environment] ? new ResultStore(environment).Read<TRow>() : [];

    // Not the line that says after which epoch a run goes on.
    [GeneratedRegex(@"^.* seed [0-9]+ +epoch [0-9]+/[0-9]+.*\n", RegexOptions.Multiline)]
    private static partial Regex EpochLine();

    [Fact]
    public void DamagedSessions_AreRefusedByName()
    {
        var tally = new FaultTally("accuracy: damaged session files");
        CheckpointSession.Begin(top, "0123456789abcdef", new SessionRecord("20260102T030405Z-9f3a61c2", "command", 0)).Dispose();
        var record = Path.Combine(Directory.GetDirectories(top).Single(), "session.json");
        var sound = File.ReadAllBytes(record);
        foreach (var seed in FaultAmounts.Seeds(UsualSessions))
        {
            File.WriteAllBytes(record, Mutation.Of(sound, new Random(seed)));
            switch (Record.Exception(() => CheckpointSession.Resume(top, "0123456789abcdef").Dispose()))
            {
                case null:
                    tally.Accepted();
                    break;
                case UserErrorException told when !told.Message.Any(char.IsControl):
                    tally.Refused();
                    break;
                case var escaped:
                    tally.Crashed(seed, $"{escaped}");
                    break;
            }
        }
        tally.Conclude();
    }
}
