using System.Runtime.InteropServices;

namespace FreezeBench.Programs;

/// <summary>The end of a process in which a library is in no state to tidy up.</summary>
internal static class ProcessEnd
{
    /// <summary>While there is still memory for it.</summary>
    internal static void Prepare()
    {
        if (!OperatingSystem.IsWindows())
            Marshal.PrelinkAll(typeof(ProcessEnd));
    }

    /// <summary>Ends the process as it is: no destructor of a library runs. On Windows it ends as usual.</summary>
    internal static void Now(int exitCode)
    {
        if (!OperatingSystem.IsWindows())
            Exit(exitCode);
    }

    // _exit(2).
    [DllImport("libc", EntryPoint = "_exit")]
    private static extern void Exit(int exitCode);
}
