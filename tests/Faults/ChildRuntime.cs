using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace FreezeBench.Faults;

/// <summary>How .NET and OpenMP run in the processes that tests start, and OpenMP in those of the tests.</summary>
internal static class ChildRuntime
{
    // Threads that have nothing to do wait in a loop otherwise. Two test programs run at once, each with processes of its own, and on few cores
    // the loops take the time of those who have something to do.
    private static readonly (string Name, string Value)[] openMp = [("OMP_WAIT_POLICY", "passive"), ("GOMP_SPINCOUNT", "0")];

    // A process of seconds ends before optimized or instrumented code has paid for itself: half of its CPU, and a tenth. And a twelfth goes into
    // mapping the JIT's memory anew whenever it is written to, which guards against attackers. Nobody keeps the times of what they measure.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A test assembly has no Main of its own.")]
    internal static void StartFast()
    {
        // What this process was itself started with stands: it may be such a child.
        foreach (var (name, value) in openMp.Concat([("DOTNET_TieredCompilation", "1"), ("DOTNET_TieredPGO", "0"), ("DOTNET_EnableWriteXorExecute", "0"), ("FREEZEBENCH_MEASURE_ONCE", "1")]))
        {
            if (Environment.GetEnvironmentVariable(name) is null)
                Environment.SetEnvironmentVariable(name, value);
        }
        // libgomp reads the C library's variables, of which .NET has a copy, when libtorch is loaded.
        if (OperatingSystem.IsLinux())
            foreach (var (name, value) in openMp)
                _ = SetVariable(Encoding.UTF8.GetBytes($"{name}\0"), Encoding.UTF8.GetBytes($"{value}\0"), overwrite: 0);
    }

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetVariable(byte[] name, byte[] value, int overwrite);
}
