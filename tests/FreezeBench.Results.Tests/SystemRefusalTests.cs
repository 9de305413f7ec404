using System.ComponentModel;
using System.Reflection;
using Xunit;

namespace FreezeBench.Results.Tests;

/// <summary>What the system refuses in places where nobody asks for it: a line and an exit code, never a stack trace.</summary>
public class SystemRefusalTests
{
    public static TheoryData<Exception, string> Refusals => new()
    {
        { new IOException("Too many open files"), "Too many open files. Look at the permissions, and at the limits of this process (ulimit -a)." },
        { new UnauthorizedAccessException("Access to the path '/x' is denied."), "Access to the path '/x' is denied. Look at the permissions" },
        { new Win32Exception(11, "Resource temporarily unavailable"), "Resource temporarily unavailable. Look at" },
        { new OutOfMemoryException(), "the memory that this process may have is used up." },
        { new DllNotFoundException("Unable to load shared library 'z'"), "a library could not be loaded: Unable to load shared library 'z'. Look at" },
        { new FileNotFoundException("Could not load file", "System.Text.Json, Version=10.0.0.0"), "the program's own file System.Text.Json could not be opened." },
        { new AggregateException(new IOException("No space left on device")), "No space left on device." },
        { new TypeInitializationException("T", new TargetInvocationException(new IOException("Too many open files"))), "Too many open files." },
        { new IOException("a\u001b]0;title\u0007"), @"a\u001b]0;title\u0007." },
    };

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public void Refusal_IsALine(Exception error, string told)
    {
        Assert.StartsWith(told, SystemRefusal.Of(error)!, StringComparison.Ordinal);
        Assert.Equal(2, SystemRefusal.Guarded(() => throw error, failed: 2));
    }

    [Fact]
    public void OurOwnMistake_IsNotHidden()
    {
        Assert.Null(SystemRefusal.Of(new InvalidOperationException("a bug")));
        Assert.Throws<InvalidOperationException>(() => SystemRefusal.Guarded(() => throw new InvalidOperationException("a bug"), failed: 2));
    }
}
