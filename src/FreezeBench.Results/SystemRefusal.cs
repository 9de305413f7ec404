using System.ComponentModel;
using System.Reflection;
using System.Runtime.InteropServices;

namespace FreezeBench.Results;

/// <summary>
/// What the system refuses a program in places where nobody asks for it: the last file that may be open, the last memory, a folder that may not
/// be listed. A program's end, told in one line.
/// </summary>
public static class SystemRefusal
{
    /// <summary>What to do where the memory that a process may have is used up.</summary>
    internal const string MemoryRemedy = "Raise its limit (ulimit -v, a container's), ask for less, or end other programs.";

    // Of a write that makes a file larger than this process may (ulimit -f): left alone, it ends the process. The same number on Linux and macOS.
    private const PosixSignal FileTooLarge = (PosixSignal)25;

    // Never given back: the system's word comes on another thread, and later than the error itself.
    private static PosixSignalRegistration? asAnError;

    /// <summary>Runs a program's body and turns such an end into a line.</summary>
    /// <param name="body">Returns the exit code. Its own files are opened in here: a system may refuse even these.</param>
    /// <param name="failed">The exit code of such an end.</param>
    public static int Guarded(Func<int> body, int failed)
    {
        // Now: what this looks at cannot be loaded any more where the system refuses files.
        _ = Of(new IOException(""));
        asAnError ??= OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(FileTooLarge, signal => signal.Cancel = true);
        try
        {
            return body();
        }
        catch (Exception error) when (Of(error) is { } told)
        {
            Console.Error.WriteLine($"Error: {told}");
            return failed;
        }
    }

    /// <summary>In one line; null: the error is none of the system's, and a bug.</summary>
    public static string? Of(Exception error)
    {
        while (error is AggregateException or TargetInvocationException or TypeInitializationException && error.InnerException is { } inner)
            error = inner;
        return error switch
        {
            FileNotFoundException { FileName: { } name } when name.Contains("Version=", StringComparison.Ordinal) => $"the program's own file {ForeignText.Shown(name.Split(',')[0])} could not be opened. Look at the limits of this process (ulimit -a: open files, virtual memory).",
            ArgumentOutOfRangeException when IsTooLargeAFile(error) => "a file has grown to what this process or the file system allows. Raise the limit (ulimit -f), or write to another disk.",
            OutOfMemoryException => $"the memory that this process may have is used up. {MemoryRemedy}",
            FileNotFoundException or DirectoryNotFoundException when WorkingFolder.Fault() is { } fault => fault,
            IOException or UnauthorizedAccessException or Win32Exception => $"{ForeignText.Shown(error.Message, ForeignText.LongestLine).TrimEnd('.')}. Look at the permissions, and at the limits of this process (ulimit -a).",
            DllNotFoundException => $"a library could not be loaded: {ForeignText.Shown(error.Message, ForeignText.LongestLine).TrimEnd('.')}. Look at the limits of this process (ulimit -a).",
            _ => null,
        };
    }

    /// <summary>Whether an exception is how .NET calls a file that may not grow (EFBIG): an argument that nobody gave.</summary>
    internal static bool IsTooLargeAFile(Exception error) => error is ArgumentOutOfRangeException && error.TargetSite?.DeclaringType == typeof(RandomAccess);
}
