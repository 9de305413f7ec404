using System.Diagnostics;
using FreezeBench.Faults;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using FreezeBench.Tool.Tests.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Faults;

/// <summary>Programs that SIGKILL ends at any moment: what they said is there, readers find no error, and the next command goes on by itself.</summary>
[Trait("Category", FaultAmounts.Category)]
public sealed class KilledProcessesTests
{
    // Of 20 kills of all three projects.
    private const int UsualWriters = 12, UsualCommands = 6;

    // A folder's files grow with each; then a new one.
    private const int KillsPerFolder = 50;

    private static readonly TimeSpan longestStart = TimeSpan.FromMinutes(1);

    [Fact]
    public void KilledWriters_LoseNothingThatTheySaid_AndReadersFindNoError()
    {
        var tally = new FaultTally("results: killed writers");
        foreach (var seeds in FaultAmounts.Seeds(UsualWriters).Chunk(KillsPerFolder))
        {
            using var results = new MadeUpResults().Filled();
            HashSet<string> said = [];
            foreach (var (number, seed) in seeds.Index())
                Kill(results, number, seed, said, tally);
            // The next command has tidied up.
            FaultWriter.Write(results.Folder, seeds.Length, 0, _ => { });
            if (Leftovers(results.Folder) is not [] and var left)
                tally.Lost(seeds[0], $"left beside the rows: {string.Join(", ", left)}");
        }
        tally.Conclude();
    }

    private static void Kill(MadeUpResults results, int number, int seed, HashSet<string> said, FaultTally tally)
    {
        var random = new Random(seed);
        using var writer = FaultWriter.Start(results.Folder, number);
        var first = writer.StandardOutput.ReadLineAsync();
        Assert.True(first.Wait(longestStart), "The writer does not begin.");
        // Somewhere within its next writes.
        writer.WaitForExit(random.Next(60));
        writer.Kill();
        said.Add(first.Result ?? writer.StandardError.ReadToEnd());
        // A line that the kill cut in two was not said.
        said.UnionWith(writer.StandardOutput.ReadToEnd().Split('\n').SkipLast(1));
        writer.WaitForExit();
        var check = ToolRun.Of("check", results.Root);
        var missing = said.Except(FaultWriter.Written(results.Folder)).ToList();
        if (check.ExitCode != 0 || missing is not [])
            tally.Lost(seed, $"missing: {string.Join(", ", missing)}\n{check.Output}{check.Errors}");
        else
            tally.Accepted();
    }

    [Fact]
    public void KilledCommands_LeaveWhatWasThere_OrAllOfTheirs_AndTheSameCommandFinishes()
    {
        var tally = new FaultTally("tool: killed merge, remark, report");
        Action<int, FaultTally>[] commands = [KillMerge, KillRemark, KillReport];
        foreach (var seed in FaultAmounts.Seeds(UsualCommands))
            commands[seed % commands.Length](seed, tally);
        tally.Conclude();
    }

    private static void KillMerge(int seed, FaultTally tally)
    {
        using var results = new MadeUpResults().Filled();
        var (source, whole, cut) = (results.Another("source"), results.Another("whole"), results.Another("cut"));
        for (var run = 0; run < 2; run++)
            FaultWriter.Write(results.Folder, 1, run, _ => { });
        results.Filled(source, MadeUpResults.RunId).Filled(source, MadeUpResults.LaterRunId);
        foreach (var target in new[] { whole, cut })
            Copy(results.Root, target);
        Assert.Equal(0, ToolRun.Of("merge", source, "--into", whole).ExitCode);
        string[] command = ["merge", source, "--into", cut];
        KillAtAnyMoment(command, seed);
        var (folder, before) = (Path.Combine(cut, MadeUpResults.Id), FaultWriter.Written(results.Folder));
        var (check, after) = (ToolRun.Of("check", cut), FaultWriter.Written(folder));
        var all = FaultWriter.Written(Path.Combine(whole, MadeUpResults.Id));
        if (check.ExitCode != 0 || !(after.SetEquals(before) || after.SetEquals(all)))
            tally.Lost(seed, $"merge: {after.Count} things, {before.Count} before and {all.Count} in all\n{check.Output}{check.Errors}");
        else
            Finish(seed, command, folder, () => MadeUpResults.Contents(cut).SequenceEqual(MadeUpResults.Contents(whole)), tally);
    }

    private static void KillRemark(int seed, FaultTally tally)
    {
        using var results = new MadeUpResults().Filled();
        string[] command = ["remark", MadeUpResults.RunId, "--results", results.Root, "--times-disturbed", "a reason"];
        KillAtAnyMoment(command, seed);
        if (ToolRun.Of("check", results.Root) is { ExitCode: not 0 } check)
            tally.Lost(seed, $"remark: {check.Output}{check.Errors}");
        else
            Finish(seed, command, results.Folder, () => new ResultStore(results.Folder).Read<RemarkRow>().Count == 1, tally, alreadyDone: 2);
    }

    private static void KillReport(int seed, FaultTally tally)
    {
        using var results = new MadeUpResults().Filled();
        var (report, old) = (Path.Combine(results.Root, "report.md"), "an older report\n");
        string[] command = ["report", results.Root, "--out", report];
        Assert.Equal(0, ToolRun.Of(command).ExitCode);
        var whole = File.ReadAllText(report);
        File.WriteAllText(report, old);
        KillAtAnyMoment(command, seed);
        if (File.ReadAllText(report) is var text && text != old && text != whole)
            tally.Lost(seed, $"report: half of one: {text}");
        else
            Finish(seed, command, results.Root, () => File.ReadAllText(report) == whole, tally);
    }

    /// <summary>The same command again, after a while: it ends well, and nothing of the first is left.</summary>
    private static void Finish(int seed, string[] command, string folder, Func<bool> isWhole, FaultTally tally, int alreadyDone = 0)
    {
        // Who is young may still be alive.
        foreach (var temporary in Leftovers(folder))
            File.SetLastWriteTimeUtc(Path.Combine(folder, temporary), DateTime.UtcNow.AddMinutes(-2));
        var again = ToolRun.Of(command);
        if ((again.ExitCode != 0 && again.ExitCode != alreadyDone) || !isWhole())
            tally.Lost(seed, $"{string.Join(' ', command)} once more ended with {again.ExitCode} and is not whole\n{again.Output}{again.Errors}");
        // A command that had nothing to do has not written, and tidies when it does.
        else if (again.ExitCode == 0 && !again.Output.Contains("Nothing new", StringComparison.Ordinal) && Leftovers(folder) is not [] and var left)
            tally.Lost(seed, $"{string.Join(' ', command)} left {string.Join(", ", left)}");
        else
            tally.Accepted();
    }

    private static void KillAtAnyMoment(string[] command, int seed)
    {
        using var process = ProgramRun.Start(Path.Combine(AppContext.BaseDirectory, "FreezeBench.Tool.dll"), command);
        process.WaitForExit(new Random(seed).Next((int)UnkilledMs(command[0])));
        process.Kill();
        process.WaitForExit();
    }

    private static readonly Dictionary<string, double> durations = [];

    /// <summary>From the start of a command's process to a good end, on this machine: kills are spread over all of it.</summary>
    private static double UnkilledMs(string name)
    {
        if (durations.TryGetValue(name, out var known))
            return known;
        using var results = new MadeUpResults().Filled();
        string[] command = name switch
        {
            "merge" => ["merge", results.Root, "--into", results.Another("target")],
            "remark" => ["remark", MadeUpResults.RunId, "--results", results.Root, "--times-disturbed", "a reason"],
            _ => ["report", results.Root, "--out", results.Another("report.md")],
        };
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, ProgramRun.Of(Path.Combine(AppContext.BaseDirectory, "FreezeBench.Tool.dll"), command).ExitCode);
        return durations[name] = clock.Elapsed.TotalMilliseconds;
    }

    private static List<string> Leftovers(string folder) =>
        [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Where(name => name.EndsWith(AtomicFile.TemporaryEnd, StringComparison.Ordinal) || name == ".results.commit")];

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
