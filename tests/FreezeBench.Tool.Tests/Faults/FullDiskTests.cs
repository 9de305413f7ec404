using FreezeBench.Faults;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using FreezeBench.Tool.Tests.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Faults;

/// <summary>A disk that is full: a message, what was there stays, and with room again the same goes on.</summary>
[Trait("Category", FaultAmounts.Category)]
public sealed class FullDiskTests : IDisposable
{
    private const int Usual = 10;
    private const int DiskBytes = 256 << 10;

    private readonly SmallDisk disk = new(DiskBytes);

    private string Top => disk.Folder;

    private string Root => Path.Combine(Top, "results");

    private string Folder => Path.Combine(Root, MadeUpResults.Id);

    public void Dispose() => disk.Dispose();

    [Fact]
    public void WritersAndCommands_OnASmallDisk_LoseNothing()
    {
        Assert.SkipUnless(disk.IsThere, SmallDisk.Refusal);
        var tally = new FaultTally("results: full disk");
        foreach (var seed in FaultAmounts.Seeds(Usual))
            Fill(seed, tally);
        tally.Conclude();
    }

    private void Fill(int seed, FaultTally tally)
    {
        using var source = new MadeUpResults().Filled();
        foreach (var entry in Directory.GetFileSystemEntries(Top))
            Delete(entry);
        var ballast = Path.Combine(Top, "ballast");
        File.WriteAllBytes(ballast, new byte[new Random(seed).Next(DiskBytes - (64 << 10))]);
        new MadeUpResults().Filled(Root, MadeUpResults.RunId).Dispose();
        List<string> said = [];
        string? told = null;
        var escaped = Record.Exception(() =>
        {
            try
            {
                for (var run = 0; ; run++)
                    FaultWriter.Write(Folder, 1, run, said.Add);
            }
            catch (UserErrorException error)
            {
                told = error.Message;
            }
        });
        if (escaped is not null)
            tally.Crashed(seed, $"{escaped}");
        else if (ToolRun.Of("check", Root) is { ExitCode: not 0 } check)
            tally.Lost(seed, $"{told}\n{check.Output}{check.Errors}");
        else if (said.Except(FaultWriter.Written(Folder)).ToList() is not [] and var missing)
            tally.Lost(seed, $"{told}\nmissing: {string.Join(", ", missing)}");
        else
            tally.Refused();
        // The tool's own writes, where not one byte is left.
        var (before, report) = (FaultWriter.Written(Folder), Path.Combine(Top, "report.md"));
        File.Delete(ballast);
        File.WriteAllText(report, "old");
        FillUp();
        string[][] commands = [["merge", source.Root, "--into", Path.Combine(Top, "merged")], ["remark", MadeUpResults.RunId, "--results", Root, "--times-disturbed", new string('x', 100)], ["report", Root, "--out", report]];
        foreach (var command in commands)
        {
            ToolRun? run = null;
            if (Record.Exception(() => run = ToolRun.Of(command)) is { } thrown)
                tally.Crashed(seed, $"{string.Join(' ', command)}\n{thrown}");
            else
                tally.Ended(seed, run!.ExitCode, string.Join(' ', command), run.Errors);
        }
        if (!before.SetEquals(FaultWriter.Written(Folder)) || new FileInfo(report).Length == 0)
            tally.Lost(seed, "a command on a full disk has changed what was there");
        File.Delete(Rest);
        File.Delete(report);
        if (Directory.Exists(Path.Combine(Top, "merged")))
            Directory.Delete(Path.Combine(Top, "merged"), recursive: true);
        var room = Record.Exception(() => new ResultStore(Folder).Append(MadeUpResults.Epoch(MadeUpResults.LaterRunId, 1, 1)));
        if (DiskHasRoom() && room is not null)
            tally.Lost(seed, $"with room again: {room.Message}");
    }

    private string Rest => Path.Combine(Top, "rest");

    private void FillUp()
    {
        using var rest = new FileStream(Rest, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        while (Record.Exception(() => rest.Write(new byte[512])) is null)
        {
        }
    }

    // Its rows may have taken nearly all.
    private bool DiskHasRoom() => disk.Free > DiskBytes / 4;

    [Theory]
    // The signal of a file that may not grow ends a program where nobody has asked for the error instead.
    [InlineData("trap '' XFSZ; ulimit -f 1")]
    [InlineData("ulimit -f 1")]
    [InlineData("ulimit -f 0")]
    public void CommandsWhoseFilesMayNotGrow_SayIt_AndLeaveWhatWasThere(string limit)
    {
        Assert.SkipUnless(ProgramRun.HasShell, "It needs bash.");
        var tally = new FaultTally($"tool: {limit}");
        using var results = new MadeUpResults().Filled();
        using var source = new MadeUpResults().Filled(MadeUpResults.LaterRunId);
        var before = MadeUpResults.Contents(results.Root);
        string[][] commands = [["merge", source.Root, "--into", results.Root], ["report", results.Root, "--out", results.Another("report.md")]];
        foreach (var command in commands)
        {
            // .NET keeps code in a file of 2 GB in memory, which the limit is for too.
            var run = ProgramRun.Of(Path.Combine(AppContext.BaseDirectory, "FreezeBench.Tool.dll"), command, limit, "", new KeyValuePair<string, string>("DOTNET_EnableWriteXorExecute", "0"));
            if (run.ExitCode == 2 && run.Errors.Contains("may not grow as large", StringComparison.Ordinal))
                tally.Refused();
            else
                tally.Lost(FaultAmounts.Seed, $"{string.Join(' ', command)} ended with {run.ExitCode}\n{run.Errors}");
        }
        tally.Conclude();
        Assert.Equal(before, MadeUpResults.Contents(results.Root));
    }

    private static void Delete(string entry)
    {
        if (Directory.Exists(entry))
            Directory.Delete(entry, recursive: true);
        else
            File.Delete(entry);
    }
}
