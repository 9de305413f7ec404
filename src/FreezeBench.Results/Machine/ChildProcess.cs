using System.ComponentModel;
using System.Diagnostics;

namespace FreezeBench.Results.Machine;

/// <summary>Asks another program for a fact.</summary>
internal static class ChildProcess
{
    /// <summary>Longest wait: a fact is never worth a hanging benchmark.</summary>
    private static readonly TimeSpan timeout = TimeSpan.FromSeconds(10);

    /// <summary>Standard output, or null where the program is missing, fails or does not end in time.</summary>
    internal static string? Output(string program, IEnumerable<string> arguments, string? directory = null, IEnumerable<string>? withoutVariables = null)
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
        try
        {
            using var process = Process.Start(start);
            if (process is null)
                return null;
            process.StandardInput.Close();
            // Both pipes are drained while waiting: a full one would block the child for ever.
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(timeout))
            {
                process.Kill(entireProcessTree: true);
                return null;
            }
            Task.WaitAll(output, errors);
            return process.ExitCode == 0 ? output.Result : null;
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or IOException)
        {
            return null;
        }
    }
}
