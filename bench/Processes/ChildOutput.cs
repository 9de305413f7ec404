using System.Diagnostics;
using BenchmarkDotNet.Loggers;

namespace FreezeBench.Benchmarks.Processes;

/// <summary>What a process prints: into BenchmarkDotNet's log, as it comes.</summary>
internal sealed class ChildOutput
{
    private readonly Process process;
    private readonly List<string> lines = [];
    private string lastError = "";

    internal ChildOutput(Process process, ILogger logger)
    {
        this.process = process;
        process.OutputDataReceived += (_, printed) => Take(printed.Data, line =>
        {
            lines.Add(line);
            logger.WriteLine(line);
        });
        process.ErrorDataReceived += (_, printed) => Take(printed.Data, line =>
        {
            if (!string.IsNullOrWhiteSpace(line) && !char.IsWhiteSpace(line[0]))
                lastError = line;
            logger.WriteLineError(line);
        });
    }

    /// <summary>Lines of standard output; complete when the process has ended.</summary>
    internal IReadOnlyList<string> Lines
    {
        get
        {
            lock (lines)
                return [.. lines];
        }
    }

    /// <summary>The last line of standard error that says something and is no frame of a stack, which would be indented; empty: none has come.</summary>
    internal string LastError
    {
        get
        {
            lock (lines)
                return lastError;
        }
    }

    /// <summary>Reads from now on; the process has started.</summary>
    internal void Begin()
    {
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    // The two streams come on threads of their own; null is the end of one.
    private void Take(string? line, Action<string> take)
    {
        if (line is null)
            return;
        lock (lines)
            take(line);
    }
}
