using System.Collections.Concurrent;

namespace FreezeBench.Benchmarks.Cases;

/// <summary>Cases whose process was killed, as the program that started them saw it: the process itself could leave no word.</summary>
public static class KilledCases
{
    private static readonly ConcurrentDictionary<int, bool?> all = [];

    /// <summary>The exit code of a process that SIGKILL ended: 128 and the signal's number.</summary>
    public const int ExitCode = 137;

    /// <summary>Remembers one.</summary>
    /// <param name="process">Its number.</param>
    /// <param name="memoryWasShort">Whether the kernel killed a process for want of memory meanwhile; null: it does not count.</param>
    public static void Remember(int process, bool? memoryWasShort) => all[process] = memoryWasShort;

    /// <summary>What was remembered; null: unknown.</summary>
    public static bool? MemoryWasShort(int process) => all.GetValueOrDefault(process);
}
