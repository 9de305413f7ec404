using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FreezeBench.Faults;

/// <summary>How .NET runs in the processes that tests start.</summary>
internal static class ChildRuntime
{
    // A process of seconds ends before instrumented code has paid for itself, and takes a tenth of the CPU more.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A test assembly has no Main of its own.")]
    internal static void LeaveProfilesOut() => Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");
}
