using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FreezeBench.Faults;

/// <summary>How .NET and OpenMP run in the processes that tests start.</summary>
internal static class ChildRuntime
{
    // A process of seconds ends before optimized or instrumented code has paid for itself: half of its CPU, and a tenth. And a twelfth goes into
    // mapping the JIT's memory anew whenever it is written to, which guards against attackers. Nobody keeps the times of what they measure.
    // OpenMP's threads that have nothing to do wait in a loop otherwise, and on few cores take the time of those that have.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A test assembly has no Main of its own.")]
    internal static void StartFast()
    {
        // What this process was itself started with stands: it may be such a child.
        foreach (var (name, value) in new[]
        {
            ("DOTNET_TieredCompilation", "1"), ("DOTNET_TieredPGO", "0"), ("DOTNET_EnableWriteXorExecute", "0"), ("OMP_WAIT_POLICY", "passive"), ("GOMP_SPINCOUNT", "0"), ("FREEZEBENCH_MEASURE_ONCE", "1"),
        })
        {
            if (Environment.GetEnvironmentVariable(name) is null)
                Environment.SetEnvironmentVariable(name, value);
        }
    }
}
