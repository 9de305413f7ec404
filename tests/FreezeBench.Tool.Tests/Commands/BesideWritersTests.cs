using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

/// <summary>Readers see a folder as it was at one moment, however many write to it.</summary>
public sealed class BesideWritersTests : IDisposable
{
    private const int Runs = 40;

    private readonly MadeUpResults results = new MadeUpResults().Filled();

    public void Dispose() => results.Dispose();

    [Fact]
    public async Task ReadersBesideTwoWriters_NeverFindAnError_AndNoRowIsLost()
    {
        using var ended = new CancellationTokenSource();
        var readers = new[] { ("check", results.Root), ("list", results.Root), ("check", results.Folder) }.Select(reader => Task.Run(() =>
        {
            var times = 0;
            do
            {
                var run = ToolRun.Of(reader.Item1, reader.Item2);
                Assert.True(run.ExitCode == 0, run.Output + run.Errors);
                times++;
            }
            // Once beside the writers, and once after them.
            while (!ended.IsCancellationRequested || times < 2);
        })).ToList();
        var merges = Task.Run(() =>
        {
            for (var time = 0; !ended.IsCancellationRequested; time++)
            {
                var target = results.Another($"merged{time % 2}");
                Assert.Equal(0, ToolRun.Of("merge", results.Root, "--into", target).ExitCode);
                Assert.Equal(0, ToolRun.Of("check", target).ExitCode);
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 2).Select(writer => Task.Run(() => Write(writer))));
        await ended.CancelAsync();
        await Task.WhenAll(readers);
        await merges;

        var store = new ResultStore(results.Folder);
        Assert.Equal((6 + (2 * Runs * 3), 2 + (2 * Runs)), (store.Read<AccuracyRow>().Count, store.Read<RunRow>().Count));
        Assert.Equal((1 + (2 * Runs), 5 + (2 * Runs * 5)), (store.Read<BenchmarkRow>().Count, store.Read<SampleRow>().Count));
    }

    private void Write(int writer)
    {
        var store = new ResultStore(results.Folder);
        for (var number = 0; number < Runs; number++)
        {
            var id = $"20260203T{number:d6}Z-0000000{writer}";
            store.Append<SampleRow, BenchmarkRow>([.. MadeUpResults.Measurement.ToSampleRows(MadeUpResults.Stamp(id))], [MadeUpResults.Measurement.ToRow(MadeUpResults.Stamp(id))]);
            AccuracyRow[] epochs = [MadeUpResults.Epoch(id, 1, 1), MadeUpResults.Epoch(id, 1, 2), MadeUpResults.Epoch(id, 1, 3)];
            foreach (var epoch in epochs)
                store.Append(epoch);
            store.Append(MadeUpResults.End(epochs));
        }
    }
}
