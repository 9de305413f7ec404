using System.ComponentModel;
using System.Diagnostics;

namespace FreezeBench.Tool.Cells;

/// <summary>A process of this machine, by its number.</summary>
internal static class LocalProcess
{
    /// <summary>Whether it runs; null: the system does not tell.</summary>
    /// <param name="number">Its number, which the system may have given to another process since.</param>
    /// <param name="latest">The process began before this moment, else it is another one.</param>
    internal static bool? IsAlive(int number, DateTimeOffset latest)
    {
        try
        {
            using var process = Process.GetProcessById(number);
            // A second: of the clocks' grain.
            return process.StartTime.ToUniversalTime() <= latest.UtcDateTime.AddSeconds(1) && !IsZombie(number);
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
}
