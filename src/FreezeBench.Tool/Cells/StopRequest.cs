using System.Runtime.InteropServices;

namespace FreezeBench.Tool.Cells;

/// <summary>Ctrl-C and SIGTERM ask for an end: of the cell that runs, and of the cells to come. Further ones change nothing: whoever is in a hurry has SIGKILL.</summary>
internal sealed class StopRequest : IDisposable
{
    /// <summary>Exit code after SIGTERM: EX_TEMPFAIL of sysexits.h, with which a scheduler may run a job again.</summary>
    internal const int RunAgain = 75;

    private const int Interrupted = 130;    // a shell's, for a program that Ctrl-C ended

    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private int exitCode;

    internal StopRequest() => registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Ask(context, Interrupted)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Ask(context, RunAgain)),
    ];

    /// <summary>Cancelled by the first signal.</summary>
    internal CancellationToken Token => source.Token;

    /// <summary>130 after Ctrl-C, 75 after SIGTERM, 0 before either.</summary>
    internal int ExitCode => Volatile.Read(ref exitCode);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        source.Dispose();
    }

    private void Ask(PosixSignalContext context, int code)
    {
        context.Cancel = true;
        if (Interlocked.CompareExchange(ref exitCode, code, 0) == 0)
            source.Cancel();
    }
}
