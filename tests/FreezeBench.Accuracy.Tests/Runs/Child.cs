using System.Diagnostics;
using System.Text;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Runs;

/// <summary>The program in a process of its own, which a signal can end.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder errors = new();
    private readonly Task<string> output;

    private Child(Process process) => (this.process, output) = (process, process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));

    /// <summary>What it wrote to standard error up to now.</summary>
    internal string Errors => errors.ToString();

    internal static Child Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "FreezeBench.Accuracy.dll"), .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        return new Child(Process.Start(start)!);
    }

    /// <summary>Waits for a line on standard error; the program may be a little further.</summary>
    internal void WaitFor(string part)
    {
        while (process.StandardError.ReadLine() is { } line)
        {
            errors.AppendLine(line);
            if (line.Contains(part, StringComparison.Ordinal))
                return;
        }
        Assert.Fail($"It ended without a line with '{part}':\n{errors}");
    }

    /// <summary>Sends a signal by name, such as INT, twice within a moment: as one does who signals all of a job where its parent hands it on.</summary>
    internal void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, $"{process.Id}", $"{process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits for its end.</summary>
    internal (int ExitCode, string Output) End()
    {
        errors.Append(process.StandardError.ReadToEnd());
        process.WaitForExit();
        return (process.ExitCode, output.GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }
}
