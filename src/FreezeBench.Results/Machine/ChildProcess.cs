using System.ComponentModel;
using System.Diagnostics;

namespace FreezeBench.Results.Machine;

/// <summary>Another program's answer to a question.</summary>
/// <param name="ExitCode">Of the program.</param>
/// <param name="Output">All of its standard output.</param>
/// <param name="Errors">All of its standard error.</param>
public sealed record ChildProcess(int ExitCode, string Output, string Errors)
{
    /// <summary>Longest wait for a fact: it is never worth a hanging benchmark.</summary>
    private static readonly TimeSpan timeout = TimeSpan.FromSeconds(10);

    /// <summary>Asks a program.</summary>
    /// <param name="program">Found by PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="patience">How long it may take; then it is killed.</param>
    /// <param name="directory">Its folder; null: this process's.</param>
    /// <param name="withoutVariables">Of its environment.</param>
    /// <param name="input">Its standard input.</param>
    /// <returns>Null: there is no such program.</returns>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public static ChildProcess? Ask(string program, IEnumerable<string> arguments, TimeSpan patience, string? directory = null, IEnumerable<string>? withoutVariables = null, string input = "")
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = directory ?? "",
        };
        foreach (var variable in withoutVariables ?? [])
            start.Environment.Remove(variable);
        using var process = Started(start);
        if (process is null)
            return null;
        // Both pipes are drained while waiting: a full one would block the child for ever.
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var given = Give(process.StandardInput, input);
        if (!process.WaitForExit(patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} has not answered for {patience.TotalSeconds} s.");
        }
        Task.WaitAll(given, output, errors);
        return new ChildProcess(process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Standard output, or null where the program is missing, fails or does not end in time.</summary>
    internal static string? FactOf(string program, IEnumerable<string> arguments, string? directory = null, IEnumerable<string>? withoutVariables = null)
    {
        try
        {
            return Ask(program, arguments, timeout, directory, withoutVariables) is { ExitCode: 0, Output: var output } ? output : null;
        }
        catch (Exception error) when (error is TimeoutException or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    private static async Task Give(StreamWriter pipe, string input)
    {
        try
        {
            await pipe.WriteAsync(input).ConfigureAwait(false);
            pipe.Close();
        }
        catch (IOException)
        {
            // It has ended without reading all of it; its exit code says why.
        }
    }

    private static Process? Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
