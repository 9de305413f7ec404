using System.Diagnostics;
using System.Globalization;
using FreezeBench.Accuracy.Runs;
using FreezeBench.Results.Rows;
using Spectre.Console;

namespace FreezeBench.Accuracy.Output;

/// <summary>A line a run, with a bar that moves with every step, on a terminal.</summary>
/// <param name="context">Of the progress display.</param>
/// <param name="console">That it is shown on: what is written there meanwhile comes above the display.</param>
public sealed class LiveReporter(ProgressContext context, IAnsiConsole console) : IRunReporter
{
    private const int BarWidth = 10;
    private const int TextWidth = 80 - BarWidth - 1;    // a blank before the bar
    private const int TitleWidth = 37;                  // leaves room for epoch, accuracy and a day's ETA

    private static readonly TimeSpan betweenEstimates = TimeSpan.FromSeconds(1);

    private readonly RunClock clock = new();
    private long estimatedAt;
    private string title = "";
    private int epochsDone;
    private bool isFirst;
    private ProgressTask? task;

    /// <summary>A display whose lines fit into 80 columns.</summary>
    public static Progress Display(IAnsiConsole console) => console.Progress().HideCompleted(false).AutoClear(false)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = BarWidth });

    /// <inheritdoc/>
    /// <remarks>Said after the table: a line that comes between the bars would break them.</remarks>
    public void BatchLowered(PlannedRun run, int asked, int used)
    {
    }

    /// <inheritdoc/>
    public void Begins(PlannedRun run, int number, int count, int epochsDone)
    {
        clock.Begins(run.Epochs - epochsDone);
        (this.epochsDone, isFirst, estimatedAt) = (epochsDone, true, Stopwatch.GetTimestamp());
        title = run.Title.Length <= TitleWidth ? run.Title : run.Title[..(TitleWidth - 1)] + "…";
        task = context.AddTask(Text(title), maxValue: run.Epochs);
        task.Value = epochsDone;
    }

    /// <inheritdoc/>
    public void StepEnded(int done, int steps)
    {
        clock.StepEnded(done, steps);
        task!.Value = epochsDone + ((double)done / steps);
        // After an epoch its own line stays: it has what the epoch came to.
        if (isFirst && Stopwatch.GetElapsedTime(estimatedAt) > betweenEstimates && RunText.Eta(clock) is { Length: > 0 } eta)
        {
            estimatedAt = Stopwatch.GetTimestamp();
            task.Description = Text(title + eta);
        }
    }

    /// <inheritdoc/>
    public void Says(string line) => console.WriteLine($"{title}  {line}");

    /// <inheritdoc/>
    public void EpochEnded(AccuracyRow row)
    {
        clock.EpochEnded(row);
        isFirst = false;
        epochsDone = row.Epoch;
        task!.Value = epochsDone;
        var (epoch, accuracy) = ($"{title} {row.Epoch}/{row.Epochs}", string.Create(CultureInfo.InvariantCulture, $"acc {100 * row.TestAccuracyFraction:0.0} %{RunText.Eta(clock)}"));
        var whole = string.Create(CultureInfo.InvariantCulture, $"{epoch} loss {row.TrainLoss:0.00} {accuracy}");
        // A longer line would take the bar's place.
        task.Description = Text(whole.Length <= TextWidth ? whole : $"{epoch} {accuracy}");
    }

    /// <inheritdoc/>
    public void Ends(RunRow row)
    {
        if (row.Status != RunRow.Finished)
            task!.Description = Text($"{title} {RunText.End(row)}");
        task!.StopTask();
    }

    private static string Text(string plain) => plain.EscapeMarkup();
}
