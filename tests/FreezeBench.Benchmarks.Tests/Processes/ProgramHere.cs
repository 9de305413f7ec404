using FreezeBench.Benchmarks.Settings;
using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.Residual;
using FreezeBench.Programs;
using Spectre.Console.Testing;

namespace FreezeBench.Benchmarks.Tests.Processes;

/// <summary>The benchmark program called in this process, which has libtorch already; the processes of its cases are this test program.</summary>
internal static class ProgramHere
{
    /// <summary>Of all tests that publish settings, which a process has once, in a variable of its environment, and of those that draw weights: torch's generator is one.</summary>
    internal const string Collection = "State of this process";

    /// <summary>A ResNet with all its stages whose weights are drawn in no time: as a user's program does, this one adds it to those that can be named.</summary>
    internal const string Network = "thin";

    // Inherited by the process of a case.
    private const string Variable = "FREEZEBENCH_TEST_CASES";

    /// <summary>Whether the case that this process is asked for is one of the benchmark program.</summary>
    internal static bool IsOfItsCase => Environment.GetEnvironmentVariable(Variable) is not null && Environment.GetEnvironmentVariable(ProbeRun.FolderVariable) is null;

    /// <summary>Runs it to its end, as its Main does.</summary>
    /// <returns>What it told, in the order output, progress, message.</returns>
    internal static (int ExitCode, string Output) Run(params string[] arguments)
    {
        using TestConsole output = new(), progress = new();
        progress.Profile.Width = output.Profile.Width = 2000;
        using StringWriter message = new();
        Environment.SetEnvironmentVariable(Variable, "1");
        try
        {
            var exitCode = CommandLineHost.Run(() => BenchmarkProgram.Run(arguments, output, progress), message);
            return (exitCode, output.Output + progress.Output + message);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
            Environment.SetEnvironmentVariable(BenchmarkSettings.Variable, null);
        }
    }

    /// <summary>Adds <see cref="Network"/>: at the start of a process, since all tests read the same list.</summary>
    internal static void AddNetwork()
    {
        NetworkCatalog.Add(NetworkCatalog.Residual(Network, new(BlockKind.Basic, [1, 1, 1, 1], Width: 8)));
        // The last that is added is the one that is measured where nobody names one.
        NetworkCatalog.Add(NetworkCatalog.ResNet18);
    }
}
