using System.Diagnostics;
using System.Runtime.InteropServices;
using FreezeBench.Results;

namespace FreezeBench.Benchmarks.Processes;

/// <summary>Starts a process, and ends it where this one is ended before it: by Ctrl-C, SIGTERM, a terminal that closes, or its own exit.</summary>
internal sealed class ChildLife : IDisposable
{
    // One for all: who was just told to end must not start the next child.
    private static readonly Lock gate = new();
    private static bool ending;

    // Of these .NET tells nobody who does not ask, and calls no ProcessExit for them.
    private static readonly PosixSignal[] signals = [PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly Process process;
    private readonly PosixSignalRegistration[] registrations;

    private ChildLife(Process process)
    {
        this.process = process;
        // What the signal does to this process otherwise, it does then.
        registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, _ => End()))];
        Console.CancelKeyPress += End;
        AppDomain.CurrentDomain.ProcessExit += End;
    }

    /// <exception cref="UserErrorException">This process is being ended.</exception>
    internal static ChildLife Start(Process process)
    {
        lock (gate)
        {
            if (ending)
                throw new UserErrorException("The run was ended from outside.");
            process.Start();
        }
        return new ChildLife(process);
    }

    /// <summary>The process has ended.</summary>
    public void Dispose()
    {
        Console.CancelKeyPress -= End;
        AppDomain.CurrentDomain.ProcessExit -= End;
        foreach (var registration in registrations)
            registration.Dispose();
    }

    private void End(object? sender, EventArgs e) => End();

    private void End()
    {
        lock (gate)
            ending = true;
        process.Kill(entireProcessTree: true);
    }
}
