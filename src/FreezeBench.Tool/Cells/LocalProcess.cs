using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FreezeBench.Tool.Cells;

/// <summary>A process of this machine, by its number, which the system may give to another one later.</summary>
internal static class LocalProcess
{
    /// <summary>How long a program that was asked to end may take. A scheduler that asks for an end kills after 30 s; what is left is for the record of it.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Of the clocks' grain.
    private static readonly TimeSpan grain = TimeSpan.FromSeconds(1);

    /// <summary>Whether it runs; null: the system does not tell.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="latest">The process began before this moment, else it is another one.</param>
    internal static bool? IsAlive(int number, DateTimeOffset latest) => IsAlive(number, begun => begun <= latest + grain);

    /// <summary>Whether the very process runs that began then.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="begun">By <see cref="BeginOf"/>.</param>
    internal static bool IsThere(int number, DateTimeOffset begun) => IsAlive(number, then => (then - begun).Duration() <= grain) == true;

    /// <summary>When a process began, UTC; null: it has ended, or the system does not tell.</summary>
    internal static DateTimeOffset? BeginOf(Process process)
    {
        try
        {
            return process.StartTime.ToUniversalTime();
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Asks a process to end: SIGTERM. Windows has no such request, so there it is ended.</summary>
    internal static void Ask(Process process)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                process.Kill(entireProcessTree: true);
            else if (!process.HasExited)
                _ = Kill(process.Id, 15);
        }
        catch (InvalidOperationException)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>Ends a process: asks it, and kills it with its children where it does not within <see cref="Patience"/>.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="begun">By <see cref="BeginOf"/>.</param>
    internal static void End(int number, DateTimeOffset begun)
    {
        try
        {
            using var process = Process.GetProcessById(number);
            if (!IsThere(number, begun))
                return;
            Ask(process);
            // Not by one wait: in a container whose first process asks for no exit code it would never be over.
            for (var clock = Stopwatch.StartNew(); IsThere(number, begun) && clock.Elapsed < Patience;)
                process.WaitForExit(TimeSpan.FromMilliseconds(50));
            if (IsThere(number, begun))
                process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended by itself, or is another user's by now.
        }
    }

    private static bool? IsAlive(int number, Func<DateTimeOffset, bool> isIt)
    {
        try
        {
            using var process = Process.GetProcessById(number);
            return isIt(process.StartTime.ToUniversalTime()) && !IsZombie(number);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    // Ended, but nobody has asked for its exit code: in containers whose first process does not, for ever. The state stands behind the name, which may have any letters (proc(5)).
    private static bool IsZombie(int number)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{number}/stat");
            return stat[(stat.LastIndexOf(')') + 1)..].TrimStart() is ['Z' or 'X', ..];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
