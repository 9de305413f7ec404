using System.ComponentModel;
using System.Text;

namespace FreezeBench.Results;

/// <summary>
/// Standard output and error that may be full, closed, or a pipe whose reader has gone: what cannot be written there is dropped, so that a
/// run goes on to its rows, and is told at the end by the exit code.
/// </summary>
public sealed class StandardOutputs : IDisposable
{
    private readonly (TextWriter Output, TextWriter Error) before;
    private readonly TolerantWriter output;
    private readonly TolerantWriter error;

    private StandardOutputs()
    {
        before = (Console.Out, Console.Error);
        (output, error) = (new TolerantWriter(before.Output, !Console.IsOutputRedirected), new TolerantWriter(before.Error, !Console.IsErrorRedirected));
        Console.SetOut(output);
        Console.SetError(error);
    }

    /// <summary>From now on, until it is disposed, for everything that writes by <see cref="Console"/>.</summary>
    public static StandardOutputs Open() => new();

    /// <summary>Ends a program: says what could not be written, where that can be said.</summary>
    /// <param name="exitCode">Of the program.</param>
    /// <param name="failed">The exit code of a program that did all its work and could not tell all of it.</param>
    /// <returns>The exit code.</returns>
    public int Conclude(int exitCode, int failed)
    {
        output.Flush();
        error.Flush();
        if (output.Failure is { } lost)
            error.WriteLine($"Standard output could not be written to ({ForeignText.Shown(lost)}); what was to be there is lost.");
        return exitCode == 0 && (output.Failure ?? error.Failure) is not null ? failed : exitCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Console.SetOut(before.Output);
        Console.SetError(before.Error);
        output.Dispose();
        error.Dispose();
    }

    private sealed class TolerantWriter(TextWriter inner, bool isTerminal) : TextWriter(inner.FormatProvider)
    {
        public override Encoding Encoding => inner.Encoding;

        /// <summary>Why the first write that failed did; null: none has.</summary>
        internal string? Failure { get; private set; }

        public override void Write(char value) => Write(value.ToString());

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void Write(string? value) => Try(() => inner.Write(Safe(value)));

        public override void WriteLine(string? value) => Try(() => inner.WriteLine(Safe(value)));

        public override void Flush() => Try(inner.Flush);

        // Data that goes on to a program stays what it is.
        private string? Safe(string? value) => isTerminal && value is not null ? ForeignText.OnTerminal(value) : value;

        private void Try(Action write)
        {
            // After the first: half of the lines would be worse than none of the rest.
            if (Failure is not null)
                return;
            try
            {
                write();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException or Win32Exception)
            {
                Failure = e.Message;
            }
        }
    }
}
