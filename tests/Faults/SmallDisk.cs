using System.Diagnostics;

namespace FreezeBench.Faults;

/// <summary>A disk in memory that is soon full, where root may make one.</summary>
internal sealed class SmallDisk : IDisposable
{
    /// <summary>Makes it.</summary>
    /// <param name="bytes">Its size.</param>
    internal SmallDisk(int bytes) =>
        IsThere = OperatingSystem.IsLinux() && File.Exists("/bin/mount") && Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", Folder) == 0;

    /// <summary>Why a test has none.</summary>
    internal const string Refusal = "Only root may make a small disk; files that may not grow are tried all the same.";

    /// <summary>Where it is.</summary>
    internal string Folder { get; } = Directory.CreateTempSubdirectory("freezebench-disk-").FullName;

    /// <summary>Whether the system has made it.</summary>
    internal bool IsThere { get; }

    /// <summary>Bytes that are left.</summary>
    internal long Free => new DriveInfo(Folder).AvailableFreeSpace;

    public void Dispose()
    {
        if (IsThere)
            Run("umount", Folder);
        Directory.Delete(Folder, recursive: true);
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
