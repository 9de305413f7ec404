using System.Collections.Concurrent;

namespace FreezeBench.Benchmarks.Cases;

/// <summary>Cases whose process a signal has ended, as the program that started them saw it: the process itself could leave no word.</summary>
public static class KilledCases
{
    // Exit codes above are a signal's number by the custom of shells, which .NET follows.
    private const int NoSignal = 128;

    private static readonly ConcurrentDictionary<int, bool?> all = [];
    private static readonly ConcurrentDictionary<int, string> lastWords = [];

    /// <summary>The exit code of a process that SIGKILL ended: 128 and the signal's number.</summary>
    public const int ExitCode = 137;

    /// <summary>The number of the signal that ended a process; null: none did.</summary>
    /// <param name="exitCode">Of the process.</param>
    public static int? Signal(int? exitCode) => exitCode is > NoSignal and var code ? code - NoSignal : null;

    /// <summary>Remembers what a process said last on standard error, such as .NET's own word where it can take no memory any more.</summary>
    /// <param name="process">Its number.</param>
    /// <param name="line">A line; empty: it said nothing.</param>
    public static void RememberWords(int process, string line) => lastWords[process] = line;

    /// <summary>What was remembered; empty: nothing.</summary>
    public static string LastWords(int process) => lastWords.GetValueOrDefault(process, "");

    /// <summary>Remembers one that was killed.</summary>
    /// <param name="process">Its number.</param>
    /// <param name="memoryWasShort">Whether the kernel killed a process for want of memory meanwhile; null: it does not count.</param>
    public static void Remember(int process, bool? memoryWasShort) => all[process] = memoryWasShort;

    /// <summary>What was remembered; null: unknown.</summary>
    public static bool? MemoryWasShort(int process) => all.GetValueOrDefault(process);
}
