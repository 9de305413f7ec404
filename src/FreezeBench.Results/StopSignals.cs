using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FreezeBench.Results;

/// <summary>Ctrl-C, SIGTERM and a terminal that closes ask a program to end what is under way in its own way; how it ends otherwise is left to the system again when this is disposed.</summary>
public sealed class StopSignals : IDisposable
{
    private const int Interrupted = 130;    // of a shell, for a program that SIGINT ended
    private const int HungUp = 129;         // for one that SIGHUP ended

    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private readonly TimeSpan? insisting;
    private int exitCode;
    private long askedAt;

    /// <summary>Listens until it is disposed.</summary>
    /// <param name="terminated">Exit code after SIGTERM.</param>
    /// <param name="insisting">
    /// How long after the first signal another one ends the program at once; sooner it is the first one again: a terminal and a scheduler signal all
    /// processes of a job, and the one that started this one hands it on. Null: further ones change nothing, whoever is in a hurry has SIGKILL.
    /// </param>
    /// <param name="hungUp">Exit code after SIGHUP; null: 129.</param>
    public StopSignals(int terminated, TimeSpan? insisting, int? hungUp = null)
    {
        this.insisting = insisting;
        registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Ask(context, Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Ask(context, terminated)),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Ask(context, hungUp ?? HungUp)),
        ];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>130 after Ctrl-C, 129 after SIGHUP or the program's own, the program's own after SIGTERM, 0 before either.</summary>
    public int ExitCode => Volatile.Read(ref exitCode);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        source.Dispose();
    }

    private void Ask(PosixSignalContext context, int code)
    {
        // The second time the system's own way of ending goes on.
        if (ExitCode != 0 && insisting is { } wait && Stopwatch.GetElapsedTime(Volatile.Read(ref askedAt)) >= wait)
            return;
        context.Cancel = true;
        if (ExitCode != 0)
            return;
        Volatile.Write(ref askedAt, Stopwatch.GetTimestamp());
        if (Interlocked.CompareExchange(ref exitCode, code, 0) == 0)
            source.Cancel();
    }
}
