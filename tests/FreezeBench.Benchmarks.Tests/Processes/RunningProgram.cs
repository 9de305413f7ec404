using System.Diagnostics;
using System.Globalization;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Benchmarks.Processes;
using FreezeBench.Benchmarks.Tests.Build;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Processes;

/// <summary>The benchmark program as it was built, while it runs.</summary>
internal sealed class RunningProgram : IDisposable
{
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> errors;

    private RunningProgram(Process process) =>
        (this.process, output, errors) = (process, process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));

    /// <summary>Where it was built.</summary>
    internal static string Folder { get; } = Path.Combine(Shell.Root, "bench", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0");

    /// <summary>The filter of <see cref="OneSmallCase"/>.</summary>
    internal const string OneMethod = "*StepSuite.Step*";

    /// <summary>The network of <see cref="OneSmallCase"/>: drawing the weights of a ResNet takes a tenth of such a run.</summary>
    internal const string Network = "mobilenet_v3_small";

    /// <summary>Options of the fewest and smallest cases: one.</summary>
    internal static IReadOnlyList<string> OneSmallCase { get; } =
    [
        "--quick", "--device", "cpu", "--suites", "step", "--policies", "frozen-cached", "--filter", OneMethod, "--network", Network,
        "--resolution", "16", "--batch-size", "4", "--images-per-epoch", "8", "--threads", "1",
    ];

    /// <summary>Starts it by its own file, without dotnet.</summary>
    /// <param name="variables">Of its environment, beside this process's.</param>
    /// <param name="arguments">Its command line.</param>
    internal static RunningProgram Start(IReadOnlyList<KeyValuePair<string, string>> variables, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Folder, OperatingSystem.IsWindows() ? "FreezeBench.Benchmarks.exe" : "FreezeBench.Benchmarks"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Other tests run beside it, and nobody keeps its times.
            Environment = { [UnkeptTimes.Variable] = "1" },
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return new RunningProgram(Process.Start(start)!);
    }

    /// <summary>Waits for what it does.</summary>
    internal void WaitUntil(Func<bool> isDone) =>
        Assert.True(SpinWait.SpinUntil(() => isDone() || process.HasExited, longest) && !process.HasExited, "It has ended, or is not there yet.");

    /// <summary>The process of its case, once there is one.</summary>
    internal Process CaseOnLinux() => ChildOnLinux(CaseOrder.Variable);

    /// <summary>The process that it gives an order by this variable, once there is one.</summary>
    internal Process ChildOnLinux(string variable)
    {
        Process? found = null;
        Assert.True(SpinWait.SpinUntil(() => process.HasExited || (found = Children(variable).FirstOrDefault()) is not null, longest), "No process was started.");
        return found ?? throw new InvalidOperationException(End().Output);
    }

    private IEnumerable<Process> Children(string variable)
    {
        foreach (var child in File.ReadAllText($"/proc/{process.Id}/task/{process.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (Text($"/proc/{child}/environ").Contains(variable, StringComparison.Ordinal))
                yield return Process.GetProcessById(int.Parse(child, CultureInfo.InvariantCulture));
    }

    // Empty where the process has ended meanwhile.
    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Sends it a signal by name, such as TERM.</summary>
    internal void Signal(string name) => Signal(process, name);

    /// <summary>Sends a signal by name.</summary>
    internal static void Signal(Process process, string name)
    {
        using var kill = Process.Start("kill", ["-s", name, $"{process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits for its end.</summary>
    internal (int ExitCode, string Output) End()
    {
        Assert.True(process.WaitForExit(longest), "It does not end.");
        return (process.ExitCode, output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }
}
