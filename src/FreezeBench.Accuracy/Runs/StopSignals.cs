using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FreezeBench.Accuracy.Runs;

/// <summary>Ctrl-C and SIGTERM ask the program to end after the step under way; a second one, a second later or more, ends it at once.</summary>
/// <remarks>Sooner it is the first one again: a terminal and a scheduler signal all processes of a job, and the one that started this one hands it on.</remarks>
public sealed class StopSignals : IDisposable
{
    private const int ExitCodeBase = 128;    // of a shell, for a program that a signal ended
    private const int Interrupt = 2;
    private const int Terminate = 15;

    private static readonly TimeSpan sameRequest = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private int exitCode;
    private long askedAt;

    /// <summary>Listens until it is disposed.</summary>
    public StopSignals() => registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Ask(context, Interrupt)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Ask(context, Terminate)),
    ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>130 after Ctrl-C, 143 after SIGTERM, 0 before either.</summary>
    public int ExitCode => Volatile.Read(ref exitCode);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        source.Dispose();
    }

    private void Ask(PosixSignalContext context, int signal)
    {
        // The second time the system's own way of ending goes on.
        if (ExitCode != 0 && Stopwatch.GetElapsedTime(Volatile.Read(ref askedAt)) >= sameRequest)
            return;
        context.Cancel = true;
        if (ExitCode != 0)
            return;
        Volatile.Write(ref askedAt, Stopwatch.GetTimestamp());
        if (Interlocked.CompareExchange(ref exitCode, ExitCodeBase + signal, 0) == 0)
            source.Cancel();
    }
}
