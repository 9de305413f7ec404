using System.Diagnostics;
using FreezeBench.Faults;
using FreezeBench.Results.Checks;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Faults;

/// <summary>Accuracy runner and benchmarks under what shells and disks do to programs: rows go on being written, or a line says why not.</summary>
[Trait("Category", FaultAmounts.Category)]
public sealed class ProgramFaultsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-faults-").FullName;

    public static TheoryData<string> Streams => ["> /dev/full 2> /dev/full", ">&- 2>&-"];

    public static TheoryData<string> Limits => ["ulimit -n 64", "ulimit -v 3000000", "ulimit -v 3700000"];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Streams))]
    public void Rows_GoOnBeingWritten_AndTheExitCodeSaysThatOutputIsLost(string streams)
    {
        Assert.SkipUnless(ProgramRun.HasShell, "It needs bash and /dev/full.");
        var tally = new FaultTally($"accuracy and bench: {streams}");
        Expect(tally, ProgramRun.Of(BothPrograms.Accuracy, BothPrograms.Training(folder), redirection: streams), streams, 1);
        if (Rows<AccuracyRow>().Count != 4 || Rows<RunRow>().Any(row => row.Status != RunRow.Finished))
            tally.Lost(FaultAmounts.Seed, "rows of epochs");
        // A benchmark takes long: once.
        if (BothPrograms.Measure && streams == Streams.Last().Data)
        {
            Expect(tally, ProgramRun.Of(BothPrograms.Benchmarks, BothPrograms.Benchmark(folder), redirection: streams), streams, 1);
            if (Rows<BenchmarkRow>().Count == 0)
                tally.Lost(FaultAmounts.Seed, "rows of the benchmark");
        }
        tally.Conclude();
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public void LimitsOfTheProcess_AreDoneWith_OrToldInALine(string limit)
    {
        Assert.SkipUnless(ProgramRun.HasShell, "It needs bash.");
        var tally = new FaultTally($"accuracy and bench: {limit}");
        Told(tally, limit, ProgramRun.Of(BothPrograms.Accuracy, BothPrograms.Training(folder), limit));
        if (BothPrograms.Measure)
            Told(tally, limit, ProgramRun.Of(BothPrograms.Benchmarks, BothPrograms.Benchmark(folder), limit));
        tally.Conclude();
    }

    // oneMKL, which looks for libtorch by the current folder, would end the process by a line of its own.
    [Theory]
    [InlineData("--dry-run")]
    [InlineData("--help")]
    public void FolderThatIsGone_IsToldInALine(string option)
    {
        Assert.SkipUnless(ProgramRun.HasShell, "It needs bash.");
        var gone = Path.Combine(folder, "gone");
        var run = ProgramRun.Of(BothPrograms.Accuracy, [.. BothPrograms.Training(folder), option], $"mkdir {gone} && cd {gone} && rmdir {gone}");

        Assert.Equal(2, run.ExitCode);
        Assert.Matches("^Error: the folder in which this program was started is gone[^\n]*\n$", run.Errors);
    }

    [Fact]
    public async Task EstimateThatIsAskedToEnd_Ends_BetweenTwoSteps()
    {
        Assert.SkipUnless(ProgramRun.HasShell && OperatingSystem.IsLinux(), "It needs bash, and /proc to see whether a program listens.");
        Assert.SkipWhen(SignalMask.Ignores("HUP"), SignalMask.Ignored("HUP"));
        // .NET itself catches SIGHUP nowhere. Two policies, each part of whose steps is repeated for two seconds.
        using var process = ProgramRun.Start(BothPrograms.Accuracy, [.. BothPrograms.Training(folder), "--estimate"]);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.True(SpinWait.SpinUntil(() => process.HasExited || SignalMask.IsCaught(process.Id, "HUP"), TimeSpan.FromMinutes(1)), "It does not listen.");
        using (var kill = Process.Start("kill", ["-s", "TERM", $"{process.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)), "It does not end.");
        Assert.True(process.ExitCode == 143, $"{process.ExitCode}\n{await output}{await errors}");
    }

    [Theory]
    [InlineData("FREEZEBENCH_CASE", "no order")]
    [InlineData("FREEZEBENCH_CASE", "{}")]
    [InlineData("FREEZEBENCH_DEVICE_CHECKS", "{\"Checks\":null,\"Report\":\"r\"}")]
    public void VariableByWhichAProgramSpeaksToItself_IsRefusedByName_WhereAUserHasSetIt(string variable, string value)
    {
        Assert.SkipUnless(ProgramRun.HasShell && BothPrograms.Measure, BothPrograms.DebugRefusal);
        var run = ProgramRun.Of(BothPrograms.Benchmarks, ["--device", "cpu", "--gpu-check", "--out", folder], "true", "", new KeyValuePair<string, string>(variable, value));

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"Error: The environment variable {variable} is set", run.Errors, StringComparison.Ordinal);
        Assert.EndsWith("Unset it.", run.Errors.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void FolderThatMayNotBeListed_IsToldInALine()
    {
        var images = Pictures.In(Path.Combine(folder, "images"));
        // Another user enters the folder above; only what is asked about is closed.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        using var unlistable = new UnlistableFolder(images);
        Assert.SkipUnless(unlistable.IsOne, "This user may list every folder, and may become no other.");
        var tally = new FaultTally("accuracy and bench: folder that may not be listed");
        (string Program, string[] Arguments)[] commands =
        [
            (BothPrograms.Accuracy, [.. BothPrograms.Training(folder), "--dataset", $"imagefolder:{images}"]),
            (BothPrograms.Accuracy, [.. BothPrograms.Training(images)]),
            .. BothPrograms.Measure ? [(BothPrograms.Benchmarks, BothPrograms.Benchmark(folder, "--dataset", $"imagefolder:{images}")), (BothPrograms.Benchmarks, BothPrograms.Benchmark(images))] : Array.Empty<(string, string[])>(),
        ];
        foreach (var (program, arguments) in commands)
            Expect(tally, ProgramRun.Of(program, Once(arguments), unlistable.Before), string.Join(' ', arguments), 2);
        tally.Conclude();
    }

    [Fact]
    public void FullDisk_IsToldInALine_AndWhatWasThereStays()
    {
        using var disk = new SmallDisk(96 << 10);
        Assert.SkipUnless(disk.IsThere, SmallDisk.Refusal);
        var tally = new FaultTally("accuracy: full disk");
        // Rows on it first, then checkpoints too.
        Expect(tally, ProgramRun.Of(BothPrograms.Accuracy, BothPrograms.Training(disk.Folder)), "training", 2);
        File.WriteAllBytes(Path.Combine(disk.Folder, "rest"), new byte[disk.Free]);
        string[] rowsOnly = [.. BothPrograms.Training(folder), "--out", Path.Combine(disk.Folder, "results")];
        Expect(tally, ProgramRun.Of(BothPrograms.Accuracy, Once(rowsOnly)), "rows", 2);
        if (Directory.Exists(Path.Combine(disk.Folder, "results")) && Directory.GetDirectories(Path.Combine(disk.Folder, "results")) is not [] && ResultCheck.Run(Path.Combine(disk.Folder, "results")).Count(Severity.Error) > 0)
            tally.Lost(FaultAmounts.Seed, "the folder is not whole");
        tally.Conclude();
    }

    // The last of an option that is there twice counts.
    private static string[] Once(string[] arguments)
    {
        List<string> once = [];
        foreach (var word in arguments)
        {
            if (word.StartsWith("--", StringComparison.Ordinal) && once.IndexOf(word) is >= 0 and var place)
                once.RemoveRange(place, 2);
            once.Add(word);
        }
        return [.. once];
    }

    private static void Expect(FaultTally tally, ProgramRun run, string what, int exitCode)
    {
        if (run.ExitCode is >= 0 and <= 2 && run.ExitCode != exitCode)
            tally.Lost(FaultAmounts.Seed, $"{what} ended with {run.ExitCode}, not {exitCode}\n{run.Output}{run.Errors}");
        else
            tally.Ended(FaultAmounts.Seed, run.ExitCode, what, run.Errors);
    }

    // An exit code that is not 0 has its line.
    private static void Told(FaultTally tally, string limit, ProgramRun run)
    {
        if (run.ExitCode is 1 or 2 && !(run.Errors + run.Output).Contains("Error: ", StringComparison.Ordinal) && !(run.Errors + run.Output).Contains("failed", StringComparison.OrdinalIgnoreCase))
            tally.Lost(FaultAmounts.Seed, $"{limit}: ended with {run.ExitCode} without a word\n{run.Output}{run.Errors}");
        else
            tally.Ended(FaultAmounts.Seed, run.ExitCode, limit, run.Errors);
    }

    private IReadOnlyList<TRow> Rows<TRow>() where TRow : IResultRow => new ResultStore(Directory.GetDirectories(Path.Combine(folder, "results")).Single()).Read<TRow>();
}
