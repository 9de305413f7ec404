using System.Diagnostics;
using System.Globalization;
using FreezeBench.Downloads;
using Spectre.Console;

namespace FreezeBench.Accuracy.Output;

/// <summary>Shows a download: a bar that is drawn over itself on a terminal, a line at its begin and end elsewhere.</summary>
/// <param name="console">Standard error.</param>
public sealed class DownloadReporter(IAnsiConsole console) : IDownloadProgress
{
    private const int BarWidth = 30;
    private static readonly TimeSpan refresh = TimeSpan.FromMilliseconds(100);

    private string name = "";
    private long? total;
    private long done;
    private long began;
    private long shown;

    /// <inheritdoc/>
    public void Begins(string fileName, long? totalBytes, long alreadyThere)
    {
        (name, total, done, began) = (fileName, totalBytes, alreadyThere, Stopwatch.GetTimestamp());
        console.WriteLine(alreadyThere > 0 ? $"downloading {fileName}, going on after {Megabytes(alreadyThere)}" : $"downloading {fileName}{(totalBytes is { } size ? $", {Megabytes(size)}" : "")}");
    }

    /// <inheritdoc/>
    public void Advances(long bytes)
    {
        done += bytes;
        if (!console.Profile.Capabilities.Interactive || Stopwatch.GetElapsedTime(shown) < refresh)
            return;
        shown = Stopwatch.GetTimestamp();
        Draw();
    }

    /// <inheritdoc/>
    public void Says(string line) => console.WriteLine(line);

    /// <inheritdoc/>
    public void Ends()
    {
        if (console.Profile.Capabilities.Interactive)
        {
            Draw();
            console.WriteLine();
        }
        else
        {
            console.WriteLine($"{name}: {Megabytes(done)} in {RunText.Duration(Stopwatch.GetElapsedTime(began))}");
        }
    }

    private void Draw()
    {
        var filled = total is { } size && size > 0 ? (int)(BarWidth * Math.Min(1, (double)done / size)) : 0;
        console.Write(new ControlCode($"\r{new string('#', filled)}{new string('.', BarWidth - filled)} {Megabytes(done)}{(total is { } all ? $" of {Megabytes(all)}" : "")}   "));
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
}
