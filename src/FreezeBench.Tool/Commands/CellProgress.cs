using System.Diagnostics;
using System.Globalization;
using FreezeBench.Results;
using FreezeBench.Tool.Cells;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>Says how the cells of a run go: a bar that moves on a terminal, lines in a log.</summary>
internal sealed class CellProgress : ICellReporter
{
    private const int LogLines = 5;
    private const int Width = 70;    // beside the bar, within 80 columns

    private readonly IAnsiConsole console;
    private readonly int count;
    private readonly ProgressTask? bar;
    private readonly Stopwatch clock = new();
    private readonly TimeProvider time;
    private int number;
    private string title = "";

    private CellProgress(IAnsiConsole console, int count, ProgressTask? bar, TimeProvider time) => (this.console, this.count, this.bar, this.time) = (console, count, bar, time);

    /// <summary>The console for it: standard error, since standard output has the answer.</summary>
    internal static IAnsiConsole Console(TextWriter standardError)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(standardError) });
        // A log's line is never wrapped.
        if (!console.Profile.Capabilities.Interactive)
            console.Profile.Width = int.MaxValue / 2;
        return console;
    }

    /// <summary>Runs something that reports.</summary>
    internal static T Follow<T>(IAnsiConsole console, int count, Func<ICellReporter, T> run) => !console.Profile.Capabilities.Interactive
        ? run(new CellProgress(console, count, null, TimeProvider.System))
        : console.Progress().AutoClear(true).HideCompleted(false).Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 9 })
            .Start(context => run(new CellProgress(console, count, context.AddTask(string.Create(CultureInfo.InvariantCulture, $"0/{count}"), maxValue: count), TimeProvider.System)));

    public void Skipped(Cell cell, string why)
    {
        number++;
        Line($"{cell.Id}  {why}");
        bar?.Increment(1);
    }

    public void LeftOut(Cell cell, BadAttempt attempt) => console.WriteLine(ForeignText.Shown(CellText.Of(cell, attempt), ForeignText.LongestLine));

    public void EndsLeftOver(Cell cell, Attempt attempt) => console.WriteLine(ForeignText.Shown(string.Create(CultureInfo.InvariantCulture, $"{cell.Id}  process {attempt.ProgramId} is ended, which a run that was killed left at it"), ForeignText.LongestLine));

    public void Begins(Cell cell, string? resumedFrom)
    {
        number++;
        title = cell.Name;
        clock.Restart();
        if (bar is null)
            Line($"{cell.Id}  begins{(resumedFrom is null ? "" : $", goes on where {resumedFrom} was ended")}");
        else
            Show("");
    }

    public void Says(string line)
    {
        // A log has the program's own lines in the cell's folder.
        if (bar is not null && line.Length > 0)
            Show(line);
    }

    public void Ends(Cell cell, Attempt attempt, string folder)
    {
        Line($"{cell.Id}  {CellText.Of(attempt)}");
        if (attempt.Outcome == AttemptOutcome.Failed)
        {
            foreach (var line in attempt.Reason is null ? AttemptLog.LastLines(folder, LogLines) : [])
                console.WriteLine($"    {line}");
            console.WriteLine(ForeignText.Shown($"    all of it: {Path.Combine(folder, Attempt.LogName)}", ForeignText.LongestLine));
        }
        bar?.Increment(1);
    }

    private void Line(string text) => console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():HH:mm:ss}  {number}/{count}  {ForeignText.Shown(text, ForeignText.LongestLine)}"));

    private void Show(string said)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{number}/{count} {title} {CellText.Of(clock.Elapsed)} {ForeignText.Shown(said)}");
        bar!.Description = (text.Length <= Width ? text : text[..(Width - 1)] + "…").EscapeMarkup();
    }
}
