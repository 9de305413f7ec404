using System.Diagnostics;
using FreezeBench.Benchmarks.Processes;

namespace FreezeBench.Benchmarks.Tests.Processes;

/// <summary>This test program as one that has started a process, and otherwise does nothing until a signal ends it: a benchmark takes seconds to come so far.</summary>
internal static class LifeProbe
{
    internal const string Variable = "FREEZEBENCH_TEST_LIFE";

    internal static bool IsAsked => Environment.GetEnvironmentVariable(Variable) is not null;

    /// <summary>Never returns; prints the id of the process that it has started.</summary>
    internal static void Run()
    {
        using var child = new Process { StartInfo = new("sleep", ["1000"]) };
        using var life = ChildLife.Start(child);
        Console.WriteLine(child.Id);
        Thread.Sleep(Timeout.Infinite);
    }
}
