using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace FreezeBench.Tool.Cells;

/// <summary>Puts a folder that was made anew in the place of another.</summary>
internal static partial class FolderSwap
{
    private const int CurrentFolder = -100;
    private const uint Exchange = 2;    // RENAME_EXCHANGE of linux/fs.h
    private const int MostTries = 10;   // each is lost to another merge

    // What a merge on another machine left: nobody here sees whether it lives. None takes a day.
    private static readonly TimeSpan oldest = TimeSpan.FromDays(1);

    /// <summary>A name beside the target that says whose it is.</summary>
    internal static string Beside(string target) => Path.Combine(Path.GetDirectoryName(target)!,
        string.Create(CultureInfo.InvariantCulture, $".{Path.GetFileName(target)}-{JobFolder.Host}-{Environment.ProcessId}-{Path.GetRandomFileName()}"));

    /// <summary>Moves a folder into the place of another, which goes.</summary>
    /// <remarks>Both change places in one step where the file system can. Where it cannot (NFS) the old one is moved away first: a program that is killed
    /// just then leaves no folder, and never half of one; the next merge makes it again from the cells.</remarks>
    internal static void Into(string made, string target)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                if (Replaced(made, target) is { } old)
                    Remove(old);
                return;
            }
            catch (IOException) when (tries < MostTries && Directory.Exists(made))
            {
                // Another merge has put its folder there, or has just taken the old one away.
            }
        }
    }

    /// <summary>Removes a folder that nobody needs any more; what cannot be removed, as files on NFS that somebody still reads, goes with the next merge.</summary>
    internal static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // See above.
        }
    }

    // Where the old one is now; null: there was none.
    private static string? Replaced(string made, string target)
    {
        if (!Directory.Exists(target))
        {
            Directory.Move(made, target);
            return null;
        }
        if (OperatingSystem.IsLinux() && Exchanged(made, target))
            return made;
        var old = Beside(target);
        Directory.Move(target, old);
        Directory.Move(made, target);
        return old;
    }

    /// <summary>Removes what merges that were killed left beside the target.</summary>
    internal static void RemoveDead(string target)
    {
        if (!Directory.Exists(Path.GetDirectoryName(target)))
            return;
        foreach (var folder in Directory.EnumerateDirectories(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}-*").ToList())
            if (Owner().Match(Path.GetFileName(folder)[(Path.GetFileName(target).Length + 2)..]) is { Success: true } owner
                && (owner.Groups["host"].Value == JobFolder.Host ? LocalProcess.IsAlive(int.Parse(owner.Groups["process"].Value, CultureInfo.InvariantCulture), Directory.GetLastWriteTimeUtc(folder)) == false : DateTime.UtcNow - Directory.GetLastWriteTimeUtc(folder) > oldest))
                Remove(folder);
    }

    private static bool Exchanged(string first, string second)
    {
        try
        {
            return Renameat2(CurrentFolder, Encoding.UTF8.GetBytes(first + "\0"), CurrentFolder, Encoding.UTF8.GetBytes(second + "\0"), Exchange) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;    // a C library from before 2018, or another one
        }
    }

    [GeneratedRegex(@"^(?<host>.*)-(?<process>[0-9]{1,9})-[a-z0-9]+\.[a-z0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Owner();

    [DllImport("libc", EntryPoint = "renameat2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Renameat2(int firstFolder, byte[] first, int secondFolder, byte[] second, uint flags);
}
