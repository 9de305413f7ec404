using FreezeBench.Faults;
using FreezeBench.Results.Rows;
using FreezeBench.Tool.Tests.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Faults;

/// <summary>Readers see a folder as it was at one moment, however many write to it.</summary>
[Trait("Category", FaultAmounts.Category)]
public sealed class BesideWritersTests : IDisposable
{
    private const int Writers = 2;

    // 2 writers with 5 rows beside samples in each: 20 rows.
    private const int UsualRuns = 2;

    // A folder's files are written anew at each row; then a new one.
    private const int RunsPerFolder = 25;

    private readonly MadeUpResults results = new MadeUpResults().Filled();

    public void Dispose() => results.Dispose();

    [Fact]
    public async Task ReadersBesideTwoProcesses_NeverFindAnError_AndNoRowIsLost()
    {
        var (written, read, merged) = (new FaultTally("results: rows of two writers"), new FaultTally("results: check and list beside them"), new FaultTally("results: merge beside them"));
        foreach (var (part, runs) in Enumerable.Range(0, UsualRuns * FaultAmounts.Times).Chunk(RunsPerFolder).Index())
            await Round(results.Another($"{part}"), runs.Length, written, read, merged);
        written.Conclude();
        read.Conclude();
        merged.Conclude();
    }

    private async Task Round(string root, int runs, FaultTally written, FaultTally read, FaultTally merged)
    {
        results.Filled(root, MadeUpResults.RunId);
        var folder = Path.Combine(root, MadeUpResults.Id);
        var writers = Enumerable.Range(0, Writers).Select(writer => FaultWriter.Start(folder, writer, runs)).ToList();
        var said = writers.Select(writer => writer.StandardOutput.ReadToEndAsync()).ToList();
        var ended = Task.WhenAll(said);
        var readers = new[] { ("check", root), ("list", root), ("check", folder) }.Select(reader => Task.Run(() => Beside(ended, read, _ => ToolRun.Of(reader.Item1, reader.Item2))));
        var merges = Task.Run(() => Beside(ended, merged, time =>
        {
            var target = results.Another($"{Path.GetFileName(root)}-merged{time % 2}");
            return ToolRun.Of("merge", root, "--into", target) is { ExitCode: not 0 } failed ? failed : ToolRun.Of("check", target);
        }));
        await Task.WhenAll([.. readers, merges]);
        var there = FaultWriter.Written(folder);
        foreach (var (writer, lines) in writers.Zip(said))
        {
            await writer.WaitForExitAsync();
            foreach (var line in (await lines).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line != FaultWriter.Done))
                if (there.Contains(line))
                    written.Accepted();
                else
                    written.Lost(FaultAmounts.Seed, line);
            if (writer.ExitCode != 0 || !(await lines).EndsWith($"{FaultWriter.Done}\n", StringComparison.Ordinal))
                written.Lost(FaultAmounts.Seed, await writer.StandardError.ReadToEndAsync());
            writer.Dispose();
        }
        // Each once: what is said twice is there twice.
        Assert.Equal(1 + (Writers * runs), new ResultStore(folder).Read<BenchmarkRow>().Count);
    }

    // Once beside the writers at least, and once after them.
    private static void Beside(Task ended, FaultTally tally, Func<int, ToolRun> reader)
    {
        for (var (time, last) = (0, false); !last || time < 2; time++)
        {
            last = ended.IsCompleted;
            var run = reader(time);
            if (run.ExitCode == 0)
                tally.Accepted();
            else
                tally.Lost(FaultAmounts.Seed, run.Output + run.Errors);
        }
    }
}
