using System.Globalization;
using FreezeBench.Accuracy.Runs;
using FreezeBench.Results.Rows;
using Spectre.Console;

namespace FreezeBench.Accuracy.Output;

/// <summary>A plain line an epoch, for logs and pipes.</summary>
/// <param name="console">Standard error.</param>
/// <param name="time">What tells the time; null: the system's clock.</param>
public sealed class LineReporter(IAnsiConsole console, TimeProvider? time = null) : IRunReporter
{
    // An epoch that is over sooner needs no word before its end.
    private static readonly TimeSpan longWait = TimeSpan.FromSeconds(10);

    private readonly RunClock clock = new(time);
    private string place = "";
    private bool told;

    /// <inheritdoc/>
    public void BatchLowered(PlannedRun run, int asked, int used) => Say(RunText.LoweredBatch(run.Strategy.Name, asked, used));

    /// <inheritdoc/>
    public void Begins(PlannedRun run, int number, int count, int epochsDone)
    {
        clock.Begins(run.Epochs - epochsDone);
        told = false;
        place = count == 1 ? run.Title : string.Create(CultureInfo.InvariantCulture, $"[{number}/{count}] {run.Title}");
        if (epochsDone > 0)
            Say($"{place}  goes on after epoch {epochsDone}/{run.Epochs}");
    }

    /// <inheritdoc/>
    /// <remarks>Once a run: its first epoch may take hours.</remarks>
    public void StepEnded(int done, int steps)
    {
        clock.StepEnded(done, steps);
        if (told || clock.SinceEpoch < longWait || RunText.Eta(clock) is not { Length: > 0 } eta)
            return;
        told = true;
        Say(string.Create(CultureInfo.InvariantCulture, $"{place}  step {done}/{steps} {eta}, evaluations apart"));
    }

    /// <inheritdoc/>
    public void Says(string line) => Say($"{place}  {line}");

    /// <inheritdoc/>
    public void EpochEnded(AccuracyRow row)
    {
        told = true;
        clock.EpochEnded(row);
        Say($"{place}  {RunText.Epoch(row)}{(RunText.Eta(clock) is { Length: > 0 } eta ? " " + eta : "")}");
    }

    /// <inheritdoc/>
    public void Ends(RunRow row)
    {
        if (row.Status != RunRow.Finished)
            Say($"{place}  {RunText.End(row)}");
    }

    // Never wrapped: a line of a log is a line.
    private void Say(string line) => console.WriteLine(line);
}
