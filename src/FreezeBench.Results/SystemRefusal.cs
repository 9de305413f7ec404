using System.Reflection;

namespace FreezeBench.Results;

/// <summary>
/// What the system refuses a program in places where nobody asks for it: the last file that may be open, the last memory, a folder that may not
/// be listed. A program's end, told in one line.
/// </summary>
public static class SystemRefusal
{
    /// <summary>In one line; null: the error is none of the system's, and a bug.</summary>
    public static string? Of(Exception error)
    {
        while (error is AggregateException or TargetInvocationException or TypeInitializationException && error.InnerException is { } inner)
            error = inner;
        return error switch
        {
            OutOfMemoryException => "the memory that this process may have is used up. Raise its limit (ulimit -v, a container's), ask for less, or end other programs.",
            IOException or UnauthorizedAccessException => $"{ForeignText.Shown(error.Message, ForeignText.LongestLine).TrimEnd('.')}. Look at the permissions, and at the limits of this process (ulimit -a).",
            DllNotFoundException => $"a library could not be loaded: {ForeignText.Shown(error.Message, ForeignText.LongestLine).TrimEnd('.')}. Look at the limits of this process (ulimit -a).",
            _ => null,
        };
    }
}
