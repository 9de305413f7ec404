using System.Diagnostics;
using FreezeBench.Faults;
using FreezeBench.Tool.Tests.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Faults;

/// <summary>The tool as a process, with streams and limits as shells give them.</summary>
[Trait("Category", FaultAmounts.Category)]
public sealed class OutputsTests : IDisposable
{
    private const int UsualStreams = 5, UsualLimits = 4, UsualFolders = 3;

    // What a stream that takes nothing is told by: the exit code, where something was to be written there.
    private static readonly (string Redirection, int ExitCode)[] streams =
    [
        ("> /dev/full", 1), (">&-", 1), (">&- 2>&-", 1), ("> /dev/full 2> /dev/full", 1),
        // Nothing was to be written there.
        ("2> /dev/full", 0), ("2>&-", 0), ("<&-", 0),
    ];

    private static readonly string[] limits = ["ulimit -n 64", "ulimit -n 100", "ulimit -v 3000000", "ulimit -v 1000000"];

    private readonly MadeUpResults results = new MadeUpResults().Filled();

    private static string Tool => Path.Combine(AppContext.BaseDirectory, "FreezeBench.Tool.dll");

    public void Dispose() => results.Dispose();

    [Fact]
    public void StreamThatTakesNothing_IsToldByTheExitCode_NotByACrash()
    {
        Assert.SkipUnless(ProgramRun.HasShell, "It needs bash and /dev/full.");
        var tally = new FaultTally("tool: full and closed streams");
        // Every pair once, in an order of the seed.
        foreach (var (stream, command) in Some(streams.SelectMany(_ => Commands(), (stream, command) => (stream, command)), UsualStreams))
        {
            var run = ProgramRun.Of(Tool, command, redirection: stream.Redirection);
            if (run.ExitCode is 0 or 1 && run.ExitCode != stream.ExitCode)
                tally.Lost(FaultAmounts.Seed, $"{string.Join(' ', command)} {stream.Redirection} ended with {run.ExitCode}, not {stream.ExitCode}");
            else
                tally.Ended(FaultAmounts.Seed, run.ExitCode, $"{string.Join(' ', command)} {stream.Redirection}", run.Errors);
        }
        tally.Conclude();
    }

    [Fact]
    public void WorkIsDone_WhereNobodyCanBeTold()
    {
        Assert.SkipUnless(ProgramRun.HasShell, "It needs bash and /dev/full.");
        var merged = results.Another("merged");
        Assert.Equal(1, ProgramRun.Of(Tool, ["merge", results.Root, "--into", merged], redirection: ">&- 2>&-").ExitCode);
        Assert.Equal(FaultWriter.Written(results.Folder), FaultWriter.Written(Path.Combine(merged, MadeUpResults.Id)));
    }

    [Fact]
    public void ReaderThatHasGone_IsNoCrash()
    {
        Assert.SkipUnless(ProgramRun.HasShell, "It needs bash and /dev/full.");
        using var process = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", "(dotnet \"$0\" check \"$1\" --format json; echo \"code $?\" >&2) | true", Tool, results.Root]) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Matches("^(Standard output could not be written to .*\n)?code [01]\n$", errors);
    }

    [Fact]
    public void NamesThatSteerATerminal_DoNotReachIt()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script") && OperatingSystem.IsLinux(), "It needs util-linux's script, which makes a terminal.");
        File.WriteAllText(Path.Combine(results.Folder, "\u001b]0;owned\u0007.csv"), "");
        // What these write is the same anywhere; the others are started on a terminal.
        foreach (var words in (string[][])[["list", results.Root], ["check", results.Root, "--format", "github"]])
            Assert.DoesNotContain('\u001b', ToolRun.Of(words).Output);
        foreach (var command in (string[])["check", "report --out - --format md"])
        {
            var start = new ProcessStartInfo("/usr/bin/script", ["-qec", $"dotnet exec '{Tool}' {command} '{results.Root}'", "/dev/null"]) { RedirectStandardOutput = true };
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.DoesNotContain("\u001b]0;owned", output, StringComparison.Ordinal);
            Assert.True(output.Length > 20, output);
        }
    }

    [Fact]
    public void LimitsOfTheProcess_AreDoneWith_OrToldInALine()
    {
        Assert.SkipUnless(ProgramRun.HasShell, "It needs bash and /dev/full.");
        var tally = new FaultTally("tool: limits of the process");
        foreach (var (limit, command) in Some(limits.SelectMany(_ => Commands(), (limit, command) => (limit, command)), UsualLimits))
        {
            var run = ProgramRun.Of(Tool, command, limit);
            // Where the runtime itself does not come up, no line of ours has run.
            if (run.Errors.Contains("Failed to create CoreCLR", StringComparison.Ordinal) || run.Errors.Contains("GC heap initialization failed", StringComparison.Ordinal))
                tally.Refused();
            else
                tally.Ended(FaultAmounts.Seed, run.ExitCode, $"{limit}; {string.Join(' ', command)}", run.Errors);
        }
        tally.Conclude();
    }

    [Fact]
    public void FolderThatMayNotBeListed_IsToldInALine()
    {
        Assert.SkipUnless(ProgramRun.HasShell, "It needs bash and /dev/full.");
        var tally = new FaultTally("tool: folder that may not be listed");
        using var unlistable = new UnlistableFolder(results.Root);
        Assert.SkipUnless(unlistable.IsOne, "This user may list every folder, and may become no other.");
        foreach (var command in Some(Commands(), UsualFolders))
        {
            var run = ProgramRun.Of(Tool, command, unlistable.Before);
            tally.Ended(FaultAmounts.Seed, run.ExitCode, string.Join(' ', command), run.Errors);
            Assert.Equal(2, run.ExitCode);
            Assert.StartsWith("Error: ", run.Errors, StringComparison.Ordinal);
        }
        tally.Conclude();
    }

    [Fact]
    public void FolderThatIsGone_IsToldInALine_WhereItIsMeant()
    {
        Assert.SkipUnless(ProgramRun.HasShell, "It needs bash and /dev/full.");
        var gone = results.Another("gone");
        var before = $"mkdir {gone} && cd {gone} && rmdir {gone}";

        var run = ProgramRun.Of(Tool, ["check", "."], before);
        Assert.Equal(2, run.ExitCode);
        Assert.Matches("^Error: the folder in which this program was started is gone[^\n]*\n$", run.Errors);
        Assert.Equal(0, ProgramRun.Of(Tool, ["list", results.Root], before).ExitCode);
    }

    private IEnumerable<string[]> Commands() =>
    [
        ["check", results.Root], ["check", results.Root, "--format", "json"], ["list", results.Root, "--runs"], ["report", results.Root, "--out", "-", "--format", "md"],
        ["report", results.Root, "--out", "-", "--format", "html"], ["compare", results.Root, results.Root], ["rank", results.Root], ["advise", results.Root], ["peers", results.Root],
        ["merge", results.Root, "--into", results.Another("merged")],
    ];

    private static IEnumerable<T> Some<T>(IEnumerable<T> all, int usual)
    {
        var some = all.ToArray();
        new Random(FaultAmounts.Seed).Shuffle(some);
        return some.Take(usual * FaultAmounts.Times);
    }
}
