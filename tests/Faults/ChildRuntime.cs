using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FreezeBench.Faults;

/// <summary>How .NET and OpenMP run in the processes that tests start.</summary>
internal static class ChildRuntime
{
    /// <summary>glibc's settings of the heap. A program that finds them set does nothing to its heap by itself.</summary>
    internal const string HeapTunables = "GLIBC_TUNABLES";

    // A process of seconds ends before optimized or instrumented code, or a second thread that collects garbage, has paid for itself: half of its CPU, and
    // a fifth (methods are counted, to be compiled anew, after an hour). A twelfth goes into mapping the JIT's memory anew whenever it is written to, which
    // guards against attackers; and a fifth of libtorch's start into its 15,000 small pages, where huge ones do. Nobody keeps the times of what they measure.
    // OpenMP's threads that have nothing to do wait in a loop otherwise, and on few cores take the time of those that have.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A test assembly has no Main of its own.")]
    internal static void StartFast()
    {
        // What this process was itself started with stands: it may be such a child.
        foreach (var (name, value) in new[]
        {
            ("DOTNET_TieredCompilation", "1"), ("DOTNET_TieredPGO", "0"), ("DOTNET_TC_CallCountingDelayMs", "36EE80"), ("DOTNET_gcConcurrent", "0"), ("DOTNET_EnableWriteXorExecute", "0"),
            (HeapTunables, "glibc.malloc.hugetlb=1"), ("OMP_WAIT_POLICY", "passive"), ("GOMP_SPINCOUNT", "0"), ("FREEZEBENCH_MEASURE_ONCE", "1"),
        })
        {
            if (Environment.GetEnvironmentVariable(name) is null)
                Environment.SetEnvironmentVariable(name, value);
        }
    }
}
