using System.Diagnostics;
using FreezeBench.Results;

namespace FreezeBench.Benchmarks.Processes;

/// <summary>Starts a process, and ends it where this one is ended before it: by Ctrl-C, SIGTERM or its own exit.</summary>
internal sealed class ChildLife : IDisposable
{
    // One for all: who was just told to end must not start the next child.
    private static readonly Lock gate = new();
    private static bool ending;

    private readonly Process process;

    private ChildLife(Process process) => this.process = process;

    /// <summary>Starts it.</summary>
    /// <exception cref="UserErrorException">This process is being ended.</exception>
    internal static ChildLife Start(Process process)
    {
        lock (gate)
        {
            if (ending)
                throw new UserErrorException("The run was ended from outside.");
            process.Start();
        }
        var life = new ChildLife(process);
        Console.CancelKeyPress += life.End;
        AppDomain.CurrentDomain.ProcessExit += life.End;
        return life;
    }

    /// <summary>The process has ended.</summary>
    public void Dispose()
    {
        Console.CancelKeyPress -= End;
        AppDomain.CurrentDomain.ProcessExit -= End;
    }

    private void End(object? sender, EventArgs e)
    {
        lock (gate)
            ending = true;
        process.Kill(entireProcessTree: true);
    }
}
