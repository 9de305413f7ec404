using System.Globalization;
using FreezeBench.Accuracy.Runs;
using FreezeBench.Results.Rows;
using Spectre.Console;

namespace FreezeBench.Accuracy.Output;

/// <summary>A plain line an epoch, for logs and pipes.</summary>
/// <param name="console">Standard error.</param>
public sealed class LineReporter(IAnsiConsole console) : IRunReporter
{
    private readonly RunClock clock = new();
    private string place = "";

    /// <inheritdoc/>
    public void BatchLowered(PlannedRun run, int asked, int used)
    {
        ArgumentNullException.ThrowIfNull(run);
        Say(RunText.LoweredBatch(run.Strategy.Name, asked, used));
    }

    /// <inheritdoc/>
    public void Begins(PlannedRun run, int number, int count, int epochsDone)
    {
        ArgumentNullException.ThrowIfNull(run);
        clock.Begins(run.Epochs - epochsDone);
        place = count == 1 ? run.Title : string.Create(CultureInfo.InvariantCulture, $"[{number}/{count}] {run.Title}");
        if (epochsDone > 0)
            Say($"{place}  goes on after epoch {epochsDone}/{run.Epochs}");
    }

    /// <inheritdoc/>
    public void StepEnded(int done, int steps)
    {
    }

    /// <inheritdoc/>
    public void Says(string line) => Say($"{place}  {line}");

    /// <inheritdoc/>
    public void EpochEnded(AccuracyRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        clock.EpochEnded();
        Say($"{place}  {RunText.Epoch(row)}{(RunText.Eta(clock) is { Length: > 0 } eta ? " " + eta : "")}");
    }

    /// <inheritdoc/>
    public void Ends(RunRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Status != RunRow.Finished)
            Say($"{place}  {RunText.End(row)}");
    }

    // Never wrapped: a line of a log is a line.
    private void Say(string line) => console.WriteLine(line);
}
