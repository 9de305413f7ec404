using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using FreezeBench.Results;

namespace FreezeBench.Tool.Cells;

/// <summary>A cell's program, from its start to its end, with its log.</summary>
internal static class CellProcess
{
    /// <param name="command">Program and arguments.</param>
    /// <param name="folder">Current folder of the program, which has its log.</param>
    /// <param name="begun">Takes its number and the moment of its begin, UTC.</param>
    /// <param name="says">Takes each line that it prints.</param>
    /// <param name="stop">Asks it to end: SIGTERM, and after 20 s SIGKILL.</param>
    /// <returns>Its exit code, or 128 and the signal's number where one ended it; and the error that it said last, if any.</returns>
    /// <exception cref="UserErrorException">It cannot be started.</exception>
    internal static (int ExitCode, string? Error) Run(IReadOnlyList<string> command, string folder, Action<int, DateTimeOffset> begun, Action<string> says, CancellationToken stop)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = folder,
        };
        using var log = new StreamWriter(new FileStream(Path.Combine(folder, Attempt.LogName), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)) { AutoFlush = true, NewLine = "\n" };
        using var process = new Process { StartInfo = start };
        ErrorTail ofOutput = new(), ofErrors = new();
        void Line(string? line, ErrorTail tail)
        {
            if (line is null)
                return;
            tail.Add(line);
            try
            {
                lock (log)
                    log.WriteLine(line);
            }
            catch (Exception error) when (error is IOException or ArgumentOutOfRangeException)
            {
                // A full disk, or a limit of files (which .NET calls an argument): of this thread it would end the whole run. The attempt's record, which is written behind it, meets it too.
            }
            says(line);
        }
        process.OutputDataReceived += (_, data) => Line(data.Data, ofOutput);
        process.ErrorDataReceived += (_, data) => Line(data.Data, ofErrors);
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            throw new UserErrorException($"{command[0]} cannot be started: {error.Message}. Name the folder of a bundle or of a built checkout: --programs DIR.", error);
        }
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var asked = stop.Register(() => LocalProcess.Ask(process));
        if (LocalProcess.BeginOf(process) is { } moment)
            begun(process.Id, moment);
        if (WaitUntil(process, stop))
            process.WaitForExit();
        else
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(LocalProcess.Patience);
        }
        return (process.ExitCode, ofErrors.Text ?? ofOutput.Text);
    }

    private static bool WaitUntil(Process process, CancellationToken stop)
    {
        try
        {
            process.WaitForExitAsync(stop).GetAwaiter().GetResult();
            return true;
        }
        catch (OperationCanceledException)
        {
            return process.WaitForExit(LocalProcess.Patience);
        }
    }
}
