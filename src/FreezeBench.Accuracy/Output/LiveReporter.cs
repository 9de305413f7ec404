using System.Globalization;
using FreezeBench.Accuracy.Runs;
using FreezeBench.Results.Rows;
using Spectre.Console;

namespace FreezeBench.Accuracy.Output;

/// <summary>A line a run, with a bar that moves with every step, on a terminal.</summary>
/// <param name="context">Of the progress display.</param>
public sealed class LiveReporter(ProgressContext context) : IRunReporter
{
    private readonly RunClock clock = new();
    private string title = "";
    private int epochsDone;
    private ProgressTask? task;

    /// <summary>A display whose lines fit into 80 columns.</summary>
    public static Progress Display(IAnsiConsole console) => console.Progress().HideCompleted(false).AutoClear(false)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 12 }, new PercentageColumn());

    /// <inheritdoc/>
    public void Begins(PlannedRun run, int number, int count, int epochsDone)
    {
        ArgumentNullException.ThrowIfNull(run);
        clock.Begins(run.Epochs - epochsDone);
        this.epochsDone = epochsDone;
        title = run.Title;
        task = context.AddTask(Text(title), maxValue: run.Epochs);
        task.Value = epochsDone;
    }

    /// <inheritdoc/>
    public void StepEnded(int done, int steps) => task!.Value = epochsDone + ((double)done / steps);

    /// <inheritdoc/>
    public void EpochEnded(AccuracyRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        clock.EpochEnded();
        epochsDone = row.Epoch;
        task!.Value = epochsDone;
        var eta = clock.Remaining is { } left && left > TimeSpan.Zero ? $" ETA {RunText.Duration(left)}" : "";
        task.Description = Text(string.Create(
            CultureInfo.InvariantCulture, $"{title} {row.Epoch}/{row.Epochs} loss {row.TrainLoss:0.00} acc {100 * row.TestAccuracyFraction:0.0} %{eta}"));
    }

    /// <inheritdoc/>
    public void Ends(RunRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Status != RunRows.Finished)
            task!.Description = Text($"{title} {RunText.End(row)}");
        task!.StopTask();
    }

    private static string Text(string plain) => plain.EscapeMarkup();
}
