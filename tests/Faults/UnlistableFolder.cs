using System.Diagnostics;

namespace FreezeBench.Faults;

/// <summary>A folder that a program may enter and not list. Root may list all: there the program runs as another user.</summary>
internal sealed class UnlistableFolder : IDisposable
{
    private readonly string folder;

    internal UnlistableFolder(string folder)
    {
        this.folder = folder;
        if (!ProgramRun.HasShell || OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(folder, UnixFileMode.None);
        IsOne = Listing("true") != 0;
        // "exec" goes on behind it, with the program's arguments.
        if (!IsOne && Listing(AnotherUser) != 0)
            (Before, IsOne) = (AnotherUser, true);
    }

    /// <summary>Whether this machine can have one.</summary>
    internal bool IsOne { get; }

    /// <summary>For <see cref="ProgramRun"/>.</summary>
    internal string Before { get; } = "true";

    // bash has no way to become another user, so it starts itself once more as one.
    private static string AnotherUser => "[ \"$(id -u)\" != 0 ] || exec setpriv --reuid=65534 --regid=65534 --clear-groups /bin/bash -c 'export HOME=/tmp DOTNET_CLI_HOME=/tmp; exec \"$DOTNET\" exec \"$@\"' bash \"$@\"";

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private int Listing(string before)
    {
        var list = before == "true" ? "ls \"$1\"" : $"setpriv --reuid=65534 --regid=65534 --clear-groups ls \"$1\"";
        using var process = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", list, "bash", folder]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
